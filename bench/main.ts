import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { buildPackage } from '../build/build.ts';
import { bundle } from './bundle.ts';
import { drawChart } from './chart.ts';
import { measure, type Results } from './measure.ts';
import { FULL, QUICK } from './plan.ts';
import { check } from './promises.ts';
import { promiseList, resultTable } from './table.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'out/bench');
const BUNDLES = join(FOLDER, 'code');

/** Where a chart goes: only a full run is worth showing to everybody. */
const chartOf = (quick: boolean): string =>
  quick ? join(FOLDER, 'quick.svg') : join(ROOT, 'docs/bench.svg');

async function keep(results: Results, quick: boolean): Promise<string> {
  const at = new Date().toISOString();
  const file = join(FOLDER, `${at.replaceAll(':', '-')}.json`);
  const machine = { node: process.version, processors: cpus().length, load: loadavg() };
  await writeFile(file, `${JSON.stringify({ at, quick, machine, ...results }, null, 2)}\n`);
  await writeFile(chartOf(quick), drawChart(results));
  return file;
}

async function bench({ quick }: { readonly quick: boolean }): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const program = await bundle(join(ROOT, 'bench/contender-process.ts'), BUNDLES, 'contender');
  const derivationProgram = await bundle(
    join(ROOT, 'bench/derivation-process.ts'),
    BUNDLES,
    'derivation',
  );
  await buildPackage(ROOT);
  const results = await measure(quick ? QUICK : FULL, {
    program,
    derivationProgram,
    command: join(ROOT, 'dist/command/connect-proficiency-exporter.js'),
    root: ROOT,
    folder: BUNDLES,
    say: (what) => console.error(`… ${what}`),
  });
  const promises = check(results);
  console.log(resultTable(results));
  console.log(promiseList(promises));
  console.log(`Figures: ${await keep(results, quick)}\nChart: ${chartOf(quick)}`);
  if (promises.some(({ kept }) => !kept)) process.exitCode = 1;
}

await new Command('bench')
  .description(
    'measures strategies of reading Connect against each other, and what we do against our promises',
  )
  .option('--quick', 'less of everything, in under two minutes', false)
  .action(bench)
  .parseAsync();
