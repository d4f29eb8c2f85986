import { ExportFailure } from '../../contract/failure.ts';
import { NO_REQUESTS } from '../../contract/manifest.ts';
import type { UserDetailsReport } from '../../contract/user-details.ts';
import { ATTRIBUTES_OFF, type PlannedAttributes, planAttributes } from '../plan/attributes.ts';
import { type Limit, limitFor } from '../plan/extras.ts';
import type { Listing } from '../plan/listing.ts';
import { addDetails, makePlan, type Plan } from '../plan/plan.ts';
import { DETAILS_OFF, findDetails, reportOf, searchRequests } from '../plan/user-details.ts';
import type { MissingExtra, SliceSettings, SliceTools, User } from '../ports.ts';
import type { Run } from './identity.ts';
import { STATE_VERSION, type State } from './state.ts';

/** Names that no row will carry are not kept anywhere, not even in working files. */
async function* withoutUsernames(listing: Listing): AsyncGenerator<readonly User[]> {
  for await (const page of listing) {
    yield page.map(({ username: _, ...user }) => user);
  }
}

/** Adds to the plan who the users are, as far as that can be had in time. */
async function planDetails(
  run: Run,
  plan: Plan,
  { includeUserDetails: choice }: SliceSettings,
  { connect, store }: SliceTools,
  limit: Limit,
): Promise<UserDetailsReport> {
  if (choice === 'off') return DETAILS_OFF;
  const details = await findDetails(connect, run.instanceId, choice, plan.users, limit);
  const unknown = await addDetails(store, run, plan, details);
  return reportOf(details, { users: plan.users, unknown });
}

const CUT_OFF =
  'Reading teams and predefined attributes was cut off before the run had begun; start the run again.';

/**
 * Reads what a snapshot can do without. It ends within a limit, and no failure of Connect's ends the run.
 *
 * @throws ExportFailure ServiceUnavailable where the slice itself was cut off: a run that begins anew may read it all
 */
async function planExtras(run: Run, plan: Plan, settings: SliceSettings, tools: SliceTools) {
  const { connect, store, deadline, observer } = tools;
  const milliseconds = limitFor(searchRequests(plan.users));
  const limit = { signal: deadline.within(milliseconds), milliseconds };
  const [user_details, predefined_attributes]: [UserDetailsReport, PlannedAttributes] =
    await Promise.all([
      planDetails(run, plan, settings, tools, limit),
      settings.includePredefinedAttributes
        ? planAttributes(connect, store, run, plan.id, limit)
        : ATTRIBUTES_OFF,
    ]);
  if (deadline.signal.aborted) throw new ExportFailure('ServiceUnavailable', CUT_OFF);
  const tell = (what: MissingExtra['what'], reason: string | null): void => {
    if (reason !== null) observer.missing({ instanceId: run.instanceId, what, reason });
  };
  tell("users' details", user_details.reason);
  tell('predefined attributes', predefined_attributes.reason);
  return { user_details, predefined_attributes };
}

/** Freezes the plan of a new run and gives its first state, which nobody has saved yet. */
export async function beginRun(
  run: Run,
  listing: Listing,
  settings: SliceSettings,
  tools: SliceTools,
): Promise<State> {
  const { store, clock, deadline, worker } = tools;
  const startedAt = clock();
  const users = settings.includeUsernames ? listing : withoutUsernames(listing);
  const plan = await makePlan(users, store, run, worker, deadline);
  const extras = await planExtras(run, plan, settings, tools);
  return {
    version: STATE_VERSION,
    run_id: run.runId,
    instance_id: run.instanceId,
    region: settings.region,
    snapshot_date: run.snapshotDate,
    trigger: run.trigger,
    scheduled_time: run.scheduledTime,
    started_at: startedAt.toISOString(),
    slices: 0,
    worker,
    saves: 0,
    plan,
    include_user_details: settings.includeUserDetails,
    ...extras,
    parts: [],
    failed: [],
    requests: NO_REQUESTS,
    rates: {},
  };
}
