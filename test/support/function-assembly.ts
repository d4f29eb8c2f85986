import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { addExporter } from '../../lib/stack.ts';
import { INSTANCE_A, testApp } from './synthesize.ts';
import type { FunctionName } from './worker-bundle.ts';

/** What the logical ids of the functions begin with. */
const LOGICAL_IDS: Readonly<Record<FunctionName, string>> = {
  worker: 'ExporterWorkerFunction',
  deriver: 'ExporterDeriverFunction',
};

const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()) });

const functionSchema = z.object({
  Properties: z.object({ Code: z.object({ S3Key: z.string() }) }),
});

/** Copies what a deployment would put into the functions, as their stack synthesizes it, into a folder for each. */
export function assembleFunctions(folder: string): void {
  const outdir = mkdtempSync(join(tmpdir(), 'exporter-assembly-'));
  try {
    const app = testApp(
      { instanceIds: INSTANCE_A, 'aws:cdk:bundling-stacks': ['**'] },
      { outdir, builtinCloudFormationValidation: false },
    );
    const { artifactId } = addExporter(app);
    const { template } = app.synth().getStackArtifact(artifactId);
    const { Resources } = templateSchema.parse(template);
    for (const [name, logicalId] of Object.entries(LOGICAL_IDS)) {
      const [, resource] = Object.entries(Resources).find(([id]) => id.startsWith(logicalId)) ?? [];
      const { S3Key } = functionSchema.parse(resource).Properties.Code;
      const asset = join(outdir, `asset.${basename(S3Key, '.zip')}`);
      cpSync(asset, join(folder, name), { recursive: true });
    }
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
