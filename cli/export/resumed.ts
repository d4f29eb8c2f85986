import type { RunKey } from '../../contract/keys.ts';
import type { UserDetailsChoice } from '../../contract/user-details.ts';
import { usersFrom } from '../../export/plan/plan.ts';
import type { Store } from '../../export/ports.ts';
import { readState, type State } from '../../export/run/state.ts';

/** Which data a run is asked for, as the options of the command say it. */
interface Choice {
  readonly usernames: boolean;
  readonly userDetails: UserDetailsChoice;
  readonly predefinedAttributes: boolean;
}

/** Of a listing without usernames, no user has one. */
async function hasUsernames(store: Store, run: RunKey, { plan }: State): Promise<boolean> {
  for await (const { username } of usersFrom(store, run, plan, 0)) return username !== undefined;
  return true;
}

async function begunWith(store: Store, run: RunKey, state: State): Promise<Choice> {
  return {
    usernames: await hasUsernames(store, run, state),
    userDetails: state.include_user_details,
    predefinedAttributes: state.predefined_attributes.status !== 'off',
  };
}

const inWords = ({ usernames, userDetails, predefinedAttributes }: Choice): string =>
  [
    usernames ? 'usernames' : '--no-usernames',
    `--user-details ${userDetails}`,
    predefinedAttributes ? 'predefined attributes' : '--no-predefined-attributes',
  ].join(', ');

/**
 * What to tell somebody who goes on with a run and asks for other data than it was begun with: all rows of a snapshot are alike, so
 * the run keeps to its own choice.
 */
export async function keptChoice(
  store: Store,
  run: RunKey,
  asked: Choice,
): Promise<string | undefined> {
  const state = await readState(store, run);
  if (!state) return undefined;
  const begun = inWords(await begunWith(store, run, state.value));
  if (begun === inWords(asked)) return undefined;
  return `This run was begun with ${begun}, and keeps to that; for other data, start a new run without --resume.`;
}
