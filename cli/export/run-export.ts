import { ExportFailure } from '../../lambda/contract/failure.ts';
import type { Manifest } from '../../lambda/contract/manifest.ts';
import type { WorkerResult } from '../../lambda/contract/result.ts';
import { openDestination } from './destination.ts';
import { type Exported, type ExportOptions, exportInstance } from './export-instance.ts';
import { HOW_TO_GO_ON, Interrupted } from './interruption.ts';

export interface ExportArguments extends ExportOptions {
  /** A folder, or `s3://bucket/prefix`. */
  readonly out: string;
}

function announce({ snapshotUri, manifestUri }: WorkerResult, manifest: Manifest): void {
  const failed = manifest.users_failed > 0 ? `, ${manifest.users_failed} failed` : '';
  console.log(
    `Published ${manifest.users_exported} users with ${manifest.proficiencies} proficiencies as of ${manifest.snapshot_date} ` +
      `(${manifest.users_without_proficiencies} users without any, ${manifest.users_deleted_during_run} deleted meanwhile${failed}).`,
  );
  console.log(`  snapshot ${snapshotUri}\n  manifest ${manifestUri}`);
}

/** @throws ExportFailure where nothing was published */
function conclude({ result, manifest }: Exported): void {
  switch (result.status) {
    case 'PUBLISHED':
      if (manifest) announce(result, manifest);
      return;
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
  conclude(await exportInstance(options, openDestination(out, options.region)));
}
