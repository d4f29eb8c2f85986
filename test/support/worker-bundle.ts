import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addExporter } from '../../lib/exporter-app.ts';
import { INSTANCE_A, testApp } from './synthesize.ts';

let built: string | undefined;

/** The file that a deployment would put into the worker's function: synthesized by its stack, once per process. */
export function workerBundle(): string {
  built ??= build();
  return built;
}

function build(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'exporter-assembly-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const app = testApp(
    { instanceIds: INSTANCE_A, 'aws:cdk:bundling-stacks': ['**'] },
    { outdir, builtinCloudFormationValidation: false },
  );
  addExporter(app);
  app.synth();
  const bundle = readdirSync(outdir)
    .map((asset) => join(outdir, asset, 'index.mjs'))
    .find(existsSync);
  if (bundle === undefined) throw new Error(`No asset in ${outdir} is the worker.`);
  return bundle;
}
