import type { Manifest } from '../../contract/manifest.ts';
import type { WorkerResult, WorkerStatus } from '../../contract/result.ts';
import { published } from '../ending.ts';
import type { SliceTools } from '../ports.ts';

/**
 * Everything that follows a publication. Every way to an answer that says so leads through here: a worker
 * may be cut off right after it has published, and then the next one finds the snapshot there. So what
 * follows must be safe to repeat.
 *
 * @returns the answer of the slice
 */
export function afterPublication(
  status: Extract<WorkerStatus, 'PUBLISHED' | 'ALREADY_PUBLISHED'>,
  manifest: Manifest,
  { store, observer }: SliceTools,
): WorkerResult {
  observer.published(manifest);
  return published(status, store, manifest);
}
