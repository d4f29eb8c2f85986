import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { FAILURE_NAMES } from '../../contract/failure.ts';
import { ALL_OPERATIONS, factsOf } from '../../contract/operations.ts';
import { CAUSES } from '../../lambda/aws-causes.ts';
import { type } from '../support/terminal.ts';
import { documentAt } from './markdown.ts';

const policySchema = z.object({
  Statement: z.array(
    z.object({ Sid: z.string(), Action: z.union([z.string(), z.array(z.string())]) }),
  ),
});

const policies = documentAt('docs/configuration.md')
  .fences.filter(({ text }) => text.includes('LookAtTheAccount'))
  .map(({ text }) => policySchema.parse(JSON.parse(text)));

/** What Athena asks Glue and S3 for, with the permissions of whoever asks Athena (Athena User Guide, "Fine-grained access"). */
const BY_ATHENA = 'WhatAthenaReadsForYou';

/** What IAM demands besides for a search of Connect. */
const BY_CONNECT = 'WhatSearchesNeedBesides';

const actionsOf = (isMeant: (sid: string) => boolean): string[] =>
  (policies[0]?.Statement ?? []).filter(({ Sid }) => isMeant(Sid)).flatMap(({ Action }) => Action);

it('the policy for doctor allows the requests that it lists, and no others', async () => {
  const { stdout } = await type(
    ...['doctor', '--dry-run', '--probe', '--region', 'us-east-1', '--bucket', 'snapshots'],
    ...['--instance-id', '11111111-2222-4333-8444-555555555555', '--stack', 'Exporter'],
  );
  const calls = [...stdout.matchAll(/^[a-z-]+: (\S+)$/gm)].map(([, call]) => call);
  const allowed = actionsOf((sid) => ![BY_ATHENA, BY_CONNECT].includes(sid));
  expect(allowed.length).toBeGreaterThan(20);
  expect([...allowed].sort()).toEqual([...new Set(calls)].sort());
  const besides = ALL_OPERATIONS.flatMap((operation) => factsOf(operation).dependsOn ?? [])
    .map((action) => `connect:${action}`)
    .filter((action) => !allowed.includes(action));
  expect(actionsOf((sid) => sid === BY_CONNECT)).toEqual(besides);
});

const sources = readdirSync('doctor', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join('doctor', file), 'utf8'))
  .join('\n');

/** The remedies that are headings, as the sources name them. */
const HEADINGS = [
  ...[...sources.matchAll(/inRunbook\(\s*'([^']+)'/g)].map(([, heading = '']) => [
    'runbook.md',
    heading,
  ]),
  ...[...sources.matchAll(/inDocument\(\s*'([^']+)',\s*'([^']+)'/g)].map(
    ([, file = '', heading = '']) => [file, heading],
  ),
  ...FAILURE_NAMES.map((name) => ['runbook.md', name]),
  ...Object.values(CAUSES).map(({ runbook }) => ['runbook.md', runbook]),
];

it('every remedy of doctor leads to a heading that is there', () => {
  expect(HEADINGS.length).toBeGreaterThan(20);
  const missing = HEADINGS.filter(
    ([file, heading]) =>
      !new RegExp(`^#+ ${heading}$`, 'm').test(readFileSync(`docs/${file}`, 'utf8')),
  );
  expect(missing).toEqual([]);
});
