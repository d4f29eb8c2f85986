import { PassThrough } from 'node:stream';
import { withListingShown } from '../../../cli/export/listing-shown.ts';
import { showProgress } from '../../../cli/export/progress.ts';
import { scriptedConnect } from '../../support/scripted-connect.ts';
import { virtualTimers } from '../../support/virtual-timers.ts';

/** A terminal or a log that remembers what was written. */
function output(isTTY: boolean, columns = 100) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns, cursorTo: () => true });
  let written = '';
  stream.on('data', (text) => {
    written += text;
  });
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => written };
}

const START = { instanceId: 'i', runId: 'r-1', slice: 1, usersTotal: 100, usersAnswered: 40 };

function run(isTTY: boolean, columns?: number, secondsBefore = 0) {
  let now = new Date('2026-11-23T02:00:00Z');
  const { stream, written } = output(isTTY, columns);
  const traffic = scriptedConnect(0);
  const observer = showProgress({ traffic, clock: () => now, output: stream });
  observer.begun(START);
  now = new Date(now.getTime() + secondsBefore * 1000);
  for (let user = 0; user < 60; user++) {
    now = new Date(now.getTime() + 500);
    observer.userDone('exported');
  }
  const counts = { exported: 60, deleted: 0, proficiencies: 0, failed: 0 };
  const summary = { ...START, ...counts, goesOn: false, seconds: 30 };
  const failure = { userId: 'u-9', error: 'InternalServiceException', message: 'HTTP 500.' };
  observer.userFailed(failure);
  observer.userFailed(failure);
  observer.sliceEnded({ ...summary, requests: traffic.counts() });
  return written();
}

it('writes a line every few seconds where there is no terminal', () => {
  const lines = run(false).trimEnd().split('\n');
  expect(lines).toEqual([
    'Run r-1: 100 users, 40 done before.',
    '50 of 100 users, 2.0/s, 25 s left, 0 throttled',
    ...[60, 70, 80, 90].map((done) => expect.stringMatching(`^${done} of 100 users, 2\\.\\d/s`)),
    '100 of 100 users, 2.0/s, 0 s left, 0 throttled',
    'User u-9 could not be read (InternalServiceException: HTTP 500); it will be tried once more at the end.',
    'User u-9 could not be read again (InternalServiceException: HTTP 500).',
  ]);
});

it('says every few seconds how far the listing is, also while a page is waited for', async () => {
  const timers = virtualTimers();
  const { stream, written } = output(false);
  const page = [{ id: 'one' }, { id: 'two' }];
  const traffic = scriptedConnect(0);
  const counts = traffic.counts();
  const throttled = { ...counts, list_users: { ...counts.list_users, throttled: 7 } };
  let told = counts;
  const connect = {
    ...traffic,
    async *listUsers() {
      await timers.advance(3000);
      yield page;
      await timers.advance(3000);
      yield page;
      told = throttled;
      await timers.advance(11_000);
      yield page;
    },
  };
  const shown = withListingShown(connect, {
    traffic: { ...traffic, counts: () => told },
    timers,
    output: stream,
  });
  const pages: unknown[] = [];
  for await (const one of shown.listUsers('i', new AbortController().signal)) pages.push(one);
  expect(pages).toEqual([page, page, page]);
  expect(written().trimEnd().split('\n')).toEqual([
    'Listing the users: 2 so far.',
    'Listing the users: 4 so far, 7 throttled.',
    'Listing the users: 4 so far, 7 throttled.',
  ]);
  expect(timers.alarms()).toBe(0);
});

it('says nothing of a listing that is left off', async () => {
  const timers = virtualTimers();
  const { stream, written } = output(false);
  const traffic = scriptedConnect(3);
  const shown = withListingShown(traffic, { traffic, timers, output: stream });
  const listing = shown.listUsers('i', new AbortController().signal)[Symbol.asyncIterator]();
  await listing.next();
  await timers.advance(60_000);
  expect([written(), timers.alarms()]).toEqual(['', 0]);
});

it('draws one bar on a terminal, with users, rate, throttling and time left', () => {
  const seen = run(true);
  expect(seen).toContain('100% | 2.0/s, 0 s left | 100/100 users, 0 throttled');
  expect(seen).toContain('User u-9 could not be read');
  expect(seen).not.toContain('0/0 users');
});

it.each([40, 60, 80])('keeps rate and time left on a terminal of %d columns', (columns) => {
  const last = run(true, columns).split('| 100/100 users').at(-2)?.split('\u001b').at(-1) ?? '';
  expect(last).toMatch(/ 2\.0\/s, 0 s left $/);
  expect(last.length).toBeLessThanOrEqual(columns);
});

it('does not take the time before the first answer for a slow pace', () => {
  const lines = run(false, undefined, 60).split('\n');
  expect(lines[1]).toBe('41 of 100 users, time left unknown, 0 throttled');
  expect(lines[2]).toMatch(/^51 of 100 users, 2\.0\/s, 25 s left/);
});

it.each([true, false])('says what the snapshot goes without (on a terminal: %s)', (isTTY) => {
  const { stream, written } = output(isTTY);
  const observer = showProgress({
    traffic: scriptedConnect(0),
    clock: () => new Date('2026-11-23T02:00:00Z'),
    output: stream,
  });
  observer.missing({ instanceId: 'i', what: "users' details", reason: 'SearchUsers was refused.' });
  observer.missing({
    instanceId: 'i',
    what: 'predefined attributes',
    reason: 'They took too long.',
  });
  expect(written().trimEnd().split('\n')).toEqual([
    "The snapshot goes without some or all users' details: SearchUsers was refused.",
    'The snapshot goes without predefined attributes: They took too long.',
  ]);
});
