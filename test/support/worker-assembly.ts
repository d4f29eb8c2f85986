import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addExporter } from '../../lib/stack.ts';
import { INSTANCE_A, testApp } from './synthesize.ts';

/** Copies what a deployment would put into the worker's function, as its stack synthesizes it, into a folder. */
export function assembleWorker(folder: string): void {
  const outdir = mkdtempSync(join(tmpdir(), 'exporter-assembly-'));
  try {
    const app = testApp(
      { instanceIds: INSTANCE_A, 'aws:cdk:bundling-stacks': ['**'] },
      { outdir, builtinCloudFormationValidation: false },
    );
    addExporter(app);
    app.synth();
    const asset = readdirSync(outdir).find((name) => existsSync(join(outdir, name, 'index.mjs')));
    if (asset === undefined) throw new Error(`No asset in ${outdir} is the worker.`);
    cpSync(join(outdir, asset), folder, { recursive: true });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
