import fc from 'fast-check';
import { type Proficiency, ROW_COLUMNS, rowSchema } from '../../../contract/row.ts';
import { gunzipLines, gzipLines, toLine } from '../../../export/files/ndjson.ts';
import { type RowContext, toRow } from '../../../export/parts/row.ts';
import { FULL } from '../../support/breadth.ts';

const CONTEXT: RowContext = {
  instanceId: 'an-instance',
  snapshotDate: '2026-11-23',
  region: 'us-east-1',
  runId: 'a-run',
  userDetails: 'names',
};
const FETCHED = new Date('2026-11-23T02:00:07.000Z');
const proficiency = (attribute_name: string, attribute_value: string, level: number) => ({
  attribute_name,
  attribute_value,
  level,
});

it('writes the keys in the order of the columns, and every one of them', () => {
  const user = { id: 'u', username: 'n', modified_at: '2026-01-01T00:00:00.000Z' };
  const row = toRow(CONTEXT, user, { proficiencies: [] }, FETCHED);
  expect(Object.keys(row)).toEqual(Object.keys(ROW_COLUMNS));
});

it('is the row of the contract, letter by letter', () => {
  const user = {
    id: 'u-1',
    username: 'anna',
    details: {
      routing_profile_id: 'p-1',
      routing_profile_name: 'Sales',
      hierarchy_group_id: 'g-1',
      hierarchy: ['Berlin', 'Team 1'],
      tags: { site: 'Berlin' },
      first_name: 'Anna',
    },
  };
  const answer = {
    proficiencies: [proficiency('Language', 'French', 3.0), proficiency('Channel', 'Voice', 4.5)],
    modifiedAt: new Date('2026-11-23T02:00:07Z'),
    modifiedRegion: 'us-east-1',
  };
  expect(toLine(toRow(CONTEXT, user, answer, FETCHED))).toBe(
    '{"instance_id":"an-instance","snapshot_date":"2026-11-23","region":"us-east-1","user_id":"u-1","username":"anna",' +
      '"proficiencies":[{"attribute_name":"Channel","attribute_value":"Voice","level":4.5},' +
      '{"attribute_name":"Language","attribute_value":"French","level":3}],"proficiency_count":2,' +
      '"proficiencies_modified_at":"2026-11-23T02:00:07.000Z","proficiencies_modified_region":"us-east-1",' +
      '"user_modified_at":null,"routing_profile_id":"p-1","routing_profile_name":"Sales","hierarchy_group_id":"g-1",' +
      '"hierarchy":["Berlin","Team 1"],"tags":{"site":"Berlin"},"first_name":"Anna","last_name":null,' +
      '"fetched_at":"2026-11-23T02:00:07.000Z","run_id":"a-run"}\n',
  );
});

it('keeps a user without proficiencies, with nothing made up', () => {
  const row = toRow(CONTEXT, { id: 'u' }, { proficiencies: [] }, FETCHED);
  expect(row).toMatchObject({
    proficiencies: [],
    proficiency_count: 0,
    proficiencies_modified_at: null,
    proficiencies_modified_region: null,
    user_modified_at: null,
  });
});

it('sorts by name, then value, whatever the order of the answer', () => {
  const some = fc.record({
    attribute_name: fc.constantFrom('A', 'a', 'Ä', 'B'),
    attribute_value: fc.string({ unit: 'grapheme' }),
    level: fc.double({ min: 1, max: 5, noNaN: true }),
  });
  const nameAndValue = ({ attribute_name, attribute_value }: Proficiency) =>
    `${attribute_name}\u0000${attribute_value}`;
  fc.assert(
    fc.property(fc.uniqueArray(some, { selector: nameAndValue }), (proficiencies) => {
      const row = toRow(CONTEXT, { id: 'u' }, { proficiencies }, FETCHED);
      const names = row.proficiencies.map(nameAndValue);
      expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      expect(row.proficiencies).toHaveLength(proficiencies.length);
    }),
  );
});

it('is one line that parses back to itself, for any Unicode', async () => {
  const text = fc.string({
    unit: fc.constantFrom('\u2028', '\u2029', '\n', '"', 'é', '日', '😀', '\ud800'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1 }), async (values) => {
      const rows = values.map((value) =>
        toRow(
          CONTEXT,
          { id: 'u', username: value },
          { proficiencies: [proficiency('x', value, 1)] },
          FETCHED,
        ),
      );
      const compressed = await gzipLines(rows.map(toLine));
      const lines: string[] = [];
      for await (const line of gunzipLines(
        (async function* () {
          for (const byte of compressed) yield Buffer.of(byte);
        })(),
      )) {
        lines.push(line);
      }
      expect(lines.join('')).not.toMatch(/[\u2028\u2029]/);
      expect(lines.map((line) => rowSchema.parse(JSON.parse(line)))).toEqual(rows);
    }),
    { numRuns: FULL ? 50 : 20 },
  );
});

it('keeps a proficiency that was answered twice once, as it was answered last', () => {
  const proficiencies = [
    proficiency('Team', 'Night', 1),
    proficiency('Team', 'Day', 2),
    proficiency('Team', 'Night', 3),
  ];
  const row = toRow(CONTEXT, { id: 'u' }, { proficiencies }, FETCHED);
  expect(row.proficiencies).toEqual([
    proficiency('Team', 'Day', 2),
    proficiency('Team', 'Night', 3),
  ]);
  expect(row.proficiency_count).toBe(2);
});
