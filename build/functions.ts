import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { readConfiguration } from '../lib/settings/context.ts';
import { ExporterStack } from '../lib/stack.ts';
import type { FunctionName } from '../lib/worker/bundling.ts';

/** What the logical ids of the functions begin with. */
const LOGICAL_IDS: Readonly<Record<FunctionName, string>> = {
  worker: 'ExporterWorkerFunction',
  deriver: 'ExporterDeriverFunction',
};

const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()) });

const functionSchema = z.object({
  Properties: z.object({ Code: z.object({ S3Key: z.string() }) }),
});

/** What an instance is called does not change what its functions are made of. */
const ANY_INSTANCE = '11111111-2222-4333-8444-555555555555';

/**
 * Copies what a deployment of the clone would put into the functions, as its stack synthesizes it, into a folder for each.
 *
 * @param root the clone. Source maps name the sources as they lie from the bundle's folder, so that one is made where
 *   `cdk synth` would make it, as deep below the clone: the asset then has the same hash.
 */
export function assembleFunctions(root: string, folder: string): void {
  const outdir = mkdtempSync(join(root, '.cdk.out-'));
  try {
    const app = new App({
      outdir,
      builtinCloudFormationValidation: false,
      treeMetadata: false,
      context: { instanceIds: ANY_INSTANCE, deployments: { default: {} } },
    });
    const { artifactId } = new ExporterStack(app, readConfiguration(app.node.getAllContext()));
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

/** Writes the files' hashes beside them, as `sha256sum --check` reads them. */
export function writeHashes(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.mjs(\.map)?$/.test(file))
    .sort();
  const lines = files.map((file) => {
    const hash = createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');
    return `${hash}  ${file}\n`;
  });
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
}

const mapSchema = z.object({ sources: z.array(z.string()) });

/** The files that the functions were made of, as their source maps tell. */
export const sourcesOfFunctions = (folder: string): readonly string[] =>
  Object.keys(LOGICAL_IDS).flatMap((name) => {
    const map = readFileSync(join(folder, name, 'index.mjs.map'), 'utf8');
    return mapSchema.parse(JSON.parse(map)).sources;
  });
