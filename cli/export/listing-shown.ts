import type { Connect } from '../../export/ports.ts';
import type { Timers } from '../../lambda/connect/pacing/timers.ts';
import { LINE_EVERY_SECONDS, type ProgressTools } from './progress.ts';

/**
 * Connect, whose listing of users says every few seconds how far it is: until it has ended there is no total to show. It says so
 * too while a page is waited for, which takes minutes where others use up the quota.
 */
export const withListingShown = (
  connect: Connect,
  { traffic, timers, output }: Pick<ProgressTools, 'traffic' | 'output'> & { timers: Timers },
): Connect => ({
  ...connect,
  async *listUsers(instanceId, signal) {
    let users = 0;
    const say = (): void => {
      const { throttled } = traffic.counts().list_users;
      const trouble = throttled > 0 ? `, ${throttled} throttled` : '';
      output.write(`Listing the users: ${users} so far${trouble}.\n`);
      due = timers.now() + LINE_EVERY_SECONDS * 1000;
    };
    const wait = (): (() => void) => {
      let cancel = (): void => undefined;
      const next = (): void => {
        cancel = timers.after(due - timers.now(), () => {
          say();
          next();
        });
      };
      next();
      return () => cancel();
    };
    let due = timers.now() + LINE_EVERY_SECONDS * 1000;
    let waited = wait();
    try {
      for await (const page of connect.listUsers(instanceId, signal)) {
        // Whoever reads the pages may leave off without a word: only while they wait is there an alarm.
        waited();
        users += page.length;
        yield page;
        waited = wait();
      }
    } finally {
      waited();
    }
  },
});
