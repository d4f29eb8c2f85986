import { ExportFailure } from '../../contract/failure.ts';
import { NO_REQUESTS, type Requests } from '../../contract/manifest.ts';
import {
  type Connect,
  type LearnedRates,
  type Traffic,
  type User,
  UserFailure,
  type UserProficiencies,
} from '../../export/ports.ts';

/** What Connect does when it is asked for a user: answers, no longer knows the user, or fails. */
export type Answer = UserProficiencies | 'deleted' | 'failing' | 'denied';

export interface ScriptedConnect extends Connect, Traffic {
  /** Who was asked for, in order of asking. */
  readonly asked: string[];
  /** Among how many runs it was told to share the rate, one after the other. */
  readonly shares: number[];
  /** Changes what happens from now on. */
  readonly answers: Map<string, Answer>;
  readonly users: User[];
}

export const NO_PROFICIENCIES: UserProficiencies = { proficiencies: [] };

export const userId = (index: number): string => `user-${String(index).padStart(4, '0')}`;

/** A Connect in memory: `users` users, who all have one proficiency unless `answers` says otherwise. */
export function scriptedConnect(
  users: number,
  answers: Readonly<Record<string, Answer>> = {},
): ScriptedConnect {
  const known = Array.from({ length: users }, (_, index) => ({
    id: userId(index),
    username: `name-${index}`,
  }));
  const script = new Map<string, Answer>(
    known.map(({ id }, index) => [
      id,
      {
        proficiencies: [
          { attribute_name: 'Language', attribute_value: 'French', level: 1 + (index % 5) },
        ],
      },
    ]),
  );
  for (const [id, answer] of Object.entries(answers)) script.set(id, answer);
  const asked: string[] = [];
  const shares: number[] = [];
  let counts: Requests = NO_REQUESTS;
  let rates: LearnedRates = {};

  return {
    asked,
    shares,
    answers: script,
    users: known,
    async *listUsers() {
      yield known;
    },
    proficiencyReader: (_instanceId, signal) => async (id) => {
      signal.throwIfAborted();
      asked.push(id);
      const { list_user_proficiencies: before } = counts;
      counts = { ...counts, list_user_proficiencies: { ...before, ok: before.ok + 1 } };
      const answer = script.get(id);
      if (answer === 'failing') throw new UserFailure('InternalServiceException', 'scripted');
      if (answer === 'denied') {
        const denial = new ExportFailure('AccessDenied', 'nobody may be read');
        throw new UserFailure('AccessDeniedException', 'scripted', denial);
      }
      return answer === 'deleted' ? undefined : answer;
    },
    counts: () => counts,
    learnedRates: () => rates,
    adopt(learned) {
      rates = learned;
    },
    share(runs) {
      shares.push(runs);
    },
  };
}
