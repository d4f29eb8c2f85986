import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROW_COLUMNS, rowSchema } from '../../contract/row.ts';
import { SAVED_QUERIES } from '../../sql/saved-queries.ts';
import { TABLES } from '../../sql/tables.ts';
import { VIEWS } from '../../sql/views.ts';

const text = readFileSync(join(process.cwd(), 'docs/athena.md'), 'utf8');

/** What stands between this heading and the next. */
const section = (heading: string): string =>
  text.split(/^(?=#{2,3} )/m).find((part) => part.startsWith(`${heading}\n`)) ?? '';

it.each(SAVED_QUERIES.map((query) => [query.name, query] as const))(
  'the saved query %s is there with question and parameters',
  (name, { question, parameters }) => {
    const described = section(`### ${name}`);
    expect(described).toContain(question);
    for (const parameter of parameters) expect(described).toContain(parameter.name);
  },
);

it('no other query is described', () => {
  const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
  expect(headings.toSorted()).toEqual(SAVED_QUERIES.map(({ name }) => name));
});

it('every table and view is there', () => {
  const names = [...TABLES, ...VIEWS].map(({ name }) => name);
  for (const name of names) expect(section('## What is there')).toContain(`\n| \`${name}\` `);
});

it('the example of a row is one, with every key', () => {
  const [, example = ''] = /```json\n(.*?)```/s.exec(section('## What is there')) ?? [];
  const row = rowSchema.parse(JSON.parse(example));
  expect(Object.keys(row)).toEqual(Object.keys(ROW_COLUMNS));
});

it("the analysts' policy grants reading of all tables", () => {
  for (const { prefix } of TABLES) {
    expect(text).toContain(`"${prefix}*"`);
    expect(text).toContain(`"arn:aws:s3:::BUCKET/${prefix}*"`);
  }
});

it("the analysts' policy grants reading alone", () => {
  const [, policy = ''] = /```json\n(.*?)```/s.exec(section('## Giving analysts access')) ?? [];
  const { Statement }: { Statement: { Action: string | string[] }[] } = JSON.parse(policy);
  const actions = Statement.flatMap(({ Action }) => Action);
  for (const action of actions) {
    expect(action).toMatch(/:(Get|List|BatchGet|StartQueryExecution$|StopQueryExecution$)/);
  }
});
