import { nextStart } from '../../../aws/deployment/schedule.ts';

const at = (expression: string, now: string, timeZone = 'UTC') =>
  nextStart({ expression, timeZone }, new Date(now));

it.each([
  ['cron(0 2 * * ? *)', '2026-11-23T01:59:00Z', '2026-11-23 at 02:00 (UTC)'],
  ['cron(0 2 * * ? *)', '2026-11-23T02:00:00Z', '2026-11-24 at 02:00 (UTC)'],
  ['cron(0 18,6 * * ? *)', '2026-11-23T07:00:00Z', '2026-11-23 at 18:00 (UTC)'],
  ['cron(0 18,6 * * ? *)', '2026-11-23T19:00:00Z', '2026-11-24 at 06:00 (UTC)'],
  ['cron(0 2 ? * MON *)', '2026-11-24T00:00:00Z', '2026-11-30 at 02:00 (UTC)'],
  ['rate(12 hours)', '2026-11-24T00:00:00Z', 'by rate(12 hours)'],
  ['cron(0 2 1 1 ? 2020)', '2026-11-24T00:00:00Z', undefined],
])('%s at %s: %s', (expression, now, next) => {
  expect(at(expression, now)).toBe(next);
});

it('reads the clock of the schedule', () => {
  expect(at('cron(0 2 * * ? *)', '2026-11-23T17:30:00Z', 'Asia/Tokyo')).toBe(
    '2026-11-25 at 02:00 (Asia/Tokyo)',
  );
});
