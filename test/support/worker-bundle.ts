import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addExporter } from '../../lib/stack.ts';
import { INSTANCE_A, testApp } from './synthesize.ts';

/** All that the bundle is made from. */
const INGREDIENTS = ['lambda', 'lib', 'sql', 'package.json', 'package-lock.json', 'cdk.json'];

/**
 * The file that a deployment would put into the worker's function, as its stack synthesizes it.
 *
 * Built once per state of the sources and kept in the system's temporary folder: a dozen suites load it.
 */
export function workerBundle(): string {
  const folder = join(tmpdir(), `exporter-worker-${fingerprint()}`);
  if (!existsSync(folder)) build(folder);
  return join(folder, 'index.mjs');
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const path of INGREDIENTS.flatMap(filesIn).sort())
    hash.update(path).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

function build(folder: string): void {
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
    keep(join(outdir, asset), folder);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** In one step, so that no other process finds half of it; whoever comes second leaves the first one's. */
function keep(asset: string, folder: string): void {
  try {
    renameSync(asset, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
