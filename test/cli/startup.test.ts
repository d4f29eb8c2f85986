import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { commandBundle } from '../support/command-bundle.ts';
import { workerBundle } from '../support/worker-bundle.ts';

/** The files that Node.js loads before a command runs: what the entry imports, but for what it imports later. */
function loadedAtOnce(entry: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const source = readFileSync(entry, 'utf8');
  for (const [, from = ''] of source.matchAll(
    /^(?:import|export)\b[^"'(]*?["'](\.\/[^"']+)["']/gm,
  )) {
    loadedAtOnce(join(dirname(entry), from), seen);
  }
  return seen;
}

/** The clients of AWS in a bundle, which names the files that it was made of. */
const clientsIn = (source: string): string[] => [
  ...new Set(
    [...source.matchAll(/\/\/ .*node_modules\/@aws-sdk\/(client-[a-z0-9-]+)\//g)].map(
      ([, name = '']) => name,
    ),
  ),
];

it('loads no client of AWS before a command needs it: --help waits for none', async () => {
  const entry = await commandBundle();
  const files = [...loadedAtOnce(entry)];
  const all = readdirSync(dirname(entry)).filter((file) => file.endsWith('.mjs'));
  const everywhere = all.flatMap((file) =>
    clientsIn(readFileSync(join(dirname(entry), file), 'utf8')),
  );
  expect(everywhere).toEqual(expect.arrayContaining(['client-glue', 'client-connect']));
  expect(files.flatMap((file) => clientsIn(readFileSync(file, 'utf8')))).toEqual([]);
});

it('has nothing in the worker of what only doctor asks with', async () => {
  const map: unknown = JSON.parse(readFileSync(`${await workerBundle()}.map`, 'utf8'));
  const { sources } = z.object({ sources: z.array(z.string()) }).parse(map);
  expect(clientsIn(sources.map((source) => `// ${source}`).join('\n')).sort()).toEqual([
    'client-connect',
    'client-s3',
    'client-service-quotas',
  ]);
});
