import { manifestKey } from '../../lambda/contract/keys.ts';
import { manifestSchema } from '../../lambda/contract/manifest.ts';
import { ExportFailure, type WorkerResult } from '../../lambda/contract/result.ts';
import { getDocument } from '../../lambda/export/documents.ts';
import type { Store } from '../../lambda/export/ports.ts';
import { openDestination } from './destination.ts';
import { type ExportOptions, exportInstance } from './export-instance.ts';
import { HOW_TO_GO_ON, Interrupted } from './interrupted.ts';

export interface ExportArguments extends ExportOptions {
  /** A folder, or `s3://bucket/prefix`. */
  readonly out: string;
}

async function announce(result: WorkerResult, store: Store): Promise<void> {
  const key = manifestKey(result.instanceId, result.snapshotDate);
  const manifest = await getDocument(store, key, manifestSchema);
  if (!manifest) return;
  const { value } = manifest;
  const failed = value.users_failed > 0 ? `, ${value.users_failed} failed` : '';
  console.log(
    `Published ${value.users_exported} users with ${value.proficiencies} proficiencies as of ${value.snapshot_date} ` +
      `(${value.users_without_proficiencies} users without any, ${value.users_deleted_during_run} deleted meanwhile${failed}).`,
  );
  console.log(`  snapshot ${result.snapshotUri}\n  manifest ${result.manifestUri}`);
}

/** @throws ExportFailure where nothing was published */
async function conclude(result: WorkerResult, store: Store): Promise<void> {
  switch (result.status) {
    case 'PUBLISHED':
      return announce(result, store);
    case 'ALREADY_PUBLISHED':
    case 'SUPERSEDED':
      console.log(result.reason);
      return;
    case 'SKIPPED':
      throw new ExportFailure(
        'InvalidRequest',
        `${result.reason} If that run is dead, ${HOW_TO_GO_ON}`,
      );
    case 'IN_PROGRESS':
      throw new Interrupted(
        `Stopped at ${result.usersDone} of ${result.usersTotal} users; ${HOW_TO_GO_ON}`,
      );
  }
}

/**
 * What `proficiencies export` does.
 *
 * @throws ExportFailure, Interrupted where nothing was published
 */
export async function runExport({ out, ...options }: ExportArguments): Promise<void> {
  const store = openDestination(out, options.region);
  await conclude(await exportInstance(options, store), store);
}
