import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { workerEventSchema } from '../../contract/event.ts';
import { parse } from '../../contract/parse.ts';
import { readConfiguration } from '../../lib/settings/context.ts';
import { resolveSettings } from '../../lib/settings/resolve.ts';
import { settingsSchema } from '../../lib/settings/schema.ts';
import { skippedRun } from '../../lib/settings/skipped-hour.ts';
import { INSTANCE_A } from '../support/synthesize.ts';
import { DOCUMENTS, documentAt, tableBelow } from './markdown.ts';

const jsonOf = (path: string): unknown[] =>
  documentAt(path)
    .fences.filter(({ language }) => language === 'json')
    .map(({ text }) => JSON.parse(text));

const cdkJson = z.strictObject({
  context: z.strictObject({ deployments: z.record(z.string(), z.unknown()) }),
});

/** What the workflow takes: everything, or some instances; its definition says the same (lib/workflow/request.ts). */
const workflowInput = z.union([
  z.strictObject({}),
  z.strictObject({ instanceIds: z.array(workerEventSchema.shape.instanceId).min(1) }),
]);

it('every JSON block of every document is JSON', () => {
  expect(DOCUMENTS.flatMap(({ path }) => jsonOf(path)).length).toBeGreaterThan(5);
});

it('what the README pastes into Step Functions and Lambda is taken by them', () => {
  const [configuration, all, some, slice, further, ...others] = jsonOf('README.md');
  expect(others).toEqual([]);
  expect(cdkJson.safeParse(configuration).success).toBe(true);
  for (const input of [all, some]) expect(workflowInput.safeParse(input).error).toBeUndefined();
  for (const event of [slice, further]) parse(workerEventSchema, event, 'The event');
  expect(further).toHaveProperty('runId');
});

it('what the runbook pastes into Lambda is taken by it, once filled in', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  const pasted = [...runbook.matchAll(/^ {4}(\{"instanceId".*\})$/gm)].map(([, text = '']) =>
    JSON.parse(
      text
        .replace('<instance id>', '11111111-2222-4333-8444-555555555555')
        .replace('<run id>', '20261123T020000Z-1a2b3c4d'),
    ),
  );
  expect(pasted).not.toEqual([]);
  for (const event of pasted) parse(workerEventSchema, event, 'The event');
});

describe('the configurations shown', () => {
  const shown = ['README.md', 'docs/configuration.md', 'docs/tools.md'].flatMap((path) =>
    jsonOf(path)
      .flatMap((json) => cdkJson.safeParse(json).data ?? [])
      .flatMap(({ context }) =>
        Object.keys(context.deployments).map((deployment) => ({ ...context, deployment })),
      ),
  );

  it.each(shown)('$deployment is one', (context) => {
    const { stackName, account, region, alarmEmail, ...settings } = readConfiguration(context);
    expect(stackName).toMatch(/^ConnectProficiencyExporter/);
    const { instanceIds, schedule, timeZone } = resolveSettings(settings);
    expect(instanceIds).toHaveLength(1);
    expect(skippedRun(schedule, timeZone, new Date())).toBeUndefined();
  });

  it('are four', () => {
    const names = shown.map(({ deployment }) => deployment);
    expect(names).toEqual(['default', 'default', 'sydney', 'default']);
  });
});

describe('the table of settings', () => {
  const rows = tableBelow(readFileSync('docs/configuration.md', 'utf8'), 'Settings');
  const bare = (cell: string | undefined): string => cell?.replaceAll('`', '') ?? '';

  it('has every setting once, in the order of the schema', () => {
    expect(rows.map(([key]) => bare(key))).toEqual(Object.keys(settingsSchema.shape));
  });

  it('tells the defaults', () => {
    const told = Object.fromEntries(rows.map(([key, value]) => [bare(key), bare(value)]));
    const { instanceIds, snapshotExpectedWithinHours, oldVersionsDays, ...defaults } =
      resolveSettings({
        instanceIds: [INSTANCE_A],
      });
    const expected = Object.entries(defaults).map(([key, value]) => [key, String(value)]);
    expect(told).toMatchObject(Object.fromEntries(expected));
  });
});
