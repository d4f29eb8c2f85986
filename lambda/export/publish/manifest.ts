import type { Manifest } from '../../contract/manifest.ts';
import { type State, totals } from '../run/state.ts';

/** The description of a snapshot just written. */
export function describeSnapshot(
  state: State,
  snapshot: Manifest['snapshot'],
  finishedAt: Date,
  exporterVersion: string,
): Manifest {
  const { rows, deleted, without_proficiencies, proficiencies } = totals(state);
  return {
    version: 1,
    run_id: state.run_id,
    instance_id: state.instance_id,
    region: state.region,
    snapshot_date: state.snapshot_date,
    trigger: state.trigger,
    scheduled_time: state.scheduled_time,
    started_at: state.started_at,
    finished_at: finishedAt.toISOString(),
    slices: state.slices,
    users_listed: state.plan.users,
    users_exported: rows,
    users_deleted_during_run: deleted,
    users_failed: state.failed.length,
    users_without_proficiencies: without_proficiencies,
    proficiencies,
    requests: state.requests,
    snapshot,
    exporter_version: exporterVersion,
  };
}
