import { randomUUID } from 'node:crypto';
import { type AwsAccess, awsAccess } from '../../aws/access.ts';
import { accountOf } from '../../aws/account.ts';
import { ExportFailure } from '../../contract/failure.ts';
import { parseInstance } from '../../contract/instance.ts';
import type { Manifest } from '../../contract/manifest.ts';
import type { Extras } from '../../contract/operations.ts';
import type { Pace } from '../../contract/pace.ts';
import type { WorkerResult } from '../../contract/result.ts';
import type { UserDetailsChoice } from '../../contract/user-details.ts';
import { EXPORTER_VERSION } from '../../contract/version.ts';
import type { Clock, Store } from '../../export/ports.ts';
import { unfinishedRun } from '../../export/publish/visible.ts';
import { releaseLeft } from '../../export/run/lease.ts';
import { exportSlice } from '../../export/slice.ts';
import { connectGateway } from '../../lambda/connect/gateway.ts';
import { systemTimers } from '../../lambda/connect/pacing/timers.ts';
import { HOW_TO_GO_ON, Interrupted, type Interruption, onInterruption } from './interruption.ts';
import { withListingShown } from './listing-shown.ts';
import { showProgress } from './progress.ts';
import { keptChoice } from './resumed.ts';

export interface ExportOptions extends Pace {
  /** Instance id or ARN. */
  readonly instanceId: string;
  /** Default: as the SDK finds it. */
  readonly region?: string;
  /** Goes on with the instance's unfinished run, where there is one. */
  readonly resume?: boolean;
  readonly timeZone: string;
  readonly allowedFailedUsers: number;
  readonly usernames: boolean;
  readonly userDetails: UserDetailsChoice;
  readonly predefinedAttributes: boolean;
  /** Default: as the environment says. */
  readonly access?: AwsAccess;
}

/** What an export came to. */
export interface Exported {
  readonly result: WorkerResult;
  /** Of the run's snapshot, where it is visible. */
  readonly manifest?: Manifest;
}

/** Whether this is what comes of stopping: nobody newly done, or a listing that was given up. */
const isCutOff = (error: unknown, { signal }: Interruption): boolean =>
  error instanceof ExportFailure &&
  (error.name === 'NoProgress' || (error.name === 'ServiceUnavailable' && signal.aborted));

async function runToResume(options: ExportOptions, store: Store): Promise<{ runId?: string }> {
  if (!options.resume) return {};
  const instanceId = parseInstance(options.instanceId)?.id ?? options.instanceId;
  const runId = await unfinishedRun(store, instanceId);
  if (runId === undefined) return {};
  const kept = await keptChoice(store, { instanceId, runId }, options);
  if (kept !== undefined) console.error(kept);
  return { runId };
}

/**
 * Exports an instance in one slice as long as it takes, or until Ctrl-C.
 *
 * @throws Interrupted, ExportFailure
 */
export async function exportInstance(
  options: ExportOptions,
  store: Store,
  clock: Clock = () => new Date(),
): Promise<Exported> {
  const { region, requestsPerSecond, quotaShare } = options;
  const access = options.access ?? (await awsAccess(process.env));
  const interruption = onInterruption();
  const extras: Extras = {
    includeUserDetails: options.userDetails,
    includePredefinedAttributes: options.predefinedAttributes,
  };
  const gateway = connectGateway({
    ...extras,
    warnings: { warn: (message) => console.error(message) },
    ...(region !== undefined && { region }),
    requestsPerSecond,
    quotaShare,
    ...access,
  });
  try {
    const settings = {
      region: await gateway.region(),
      timeZone: options.timeZone,
      includeUsernames: options.usernames,
      allowedFailedUsers: options.allowedFailedUsers,
      ...extras,
    };
    const [session, account] = await Promise.all([
      gateway.open(),
      accountOf(access, settings.region, process.env),
    ]);
    const where =
      account === undefined ? settings.region : `${settings.region}, account ${account}`;
    const progress = showProgress({ traffic: session.traffic, clock, output: process.stderr });
    let manifest: Manifest | undefined;
    const event = { instanceId: options.instanceId, ...(await runToResume(options, store)) };
    const result = await exportSlice(event, settings, {
      ...session,
      connect: withListingShown(session.connect, {
        traffic: session.traffic,
        timers: systemTimers,
        output: process.stderr,
      }),
      store,
      clock,
      deadline: interruption,
      observer: {
        ...progress,
        begun(slice) {
          process.stderr.write(`Reading the instance ${slice.instanceId} in ${where}.\n`);
          progress.begun(slice);
        },
        published(told) {
          manifest = told;
        },
      },
      worker: randomUUID(),
      exporterVersion: EXPORTER_VERSION,
    });
    // Whoever stops a run here does not keep others waiting; --resume finds it all the same.
    if (result.status === 'IN_PROGRESS') await releaseLeft(store, result, clock);
    return { result, ...(manifest && { manifest }) };
  } catch (error) {
    throw interruption.reached() && isCutOff(error, interruption)
      ? new Interrupted(`Stopped before another user was done; ${HOW_TO_GO_ON}`)
      : error;
  } finally {
    interruption.dispose();
    gateway.close();
  }
}
