import { noAnswers } from '../ending.ts';
import { usersFrom } from '../plan/plan.ts';
import { type SliceTools, UserFailure } from '../ports.ts';
import type { Run } from '../run/identity.ts';
import { type State, usersDone } from '../run/state.ts';

/** A user that Connect has answered for in this run. */
async function answeredUser(
  run: Run,
  state: State,
  { store }: SliceTools,
): Promise<string | undefined> {
  const failed = new Set(state.failed.map(({ user }) => user.id));
  let left = usersDone(state);
  for await (const { id } of usersFrom(store, run, state.plan, 0)) {
    if (left-- <= 0) return undefined;
    if (!failed.has(id)) return id;
  }
  return undefined;
}

/**
 * Whether Connect is well at the moment: whether it answers again for a user that it has answered for before. Single users may
 * be broken for good; in an outage, all fail.
 *
 * @returns `undefined` where it does not show: there is no such user yet, or the slice is over
 * @throws ExportFailure where no user could be read for another reason
 */
export async function isAnswering(
  run: Run,
  state: State,
  tools: SliceTools,
): Promise<boolean | undefined> {
  const { signal } = tools.deadline;
  const userId = await answeredUser(run, state, tools);
  if (userId === undefined || signal.aborted) return undefined;
  try {
    await tools.connect.proficiencyReader(run.instanceId, signal)(userId);
    return true;
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!(error instanceof UserFailure)) throw error;
    if (error.denial) throw error.denial;
    return false;
  }
}

/** @throws ExportFailure ServiceUnavailable where it is not the users that fail, but Connect */
export async function checkAnswering(run: Run, state: State, tools: SliceTools): Promise<void> {
  if (state.failed.length === 0) return;
  if ((await isAnswering(run, state, tools)) === false) throw noAnswers(state);
}
