import { skippedRun } from '../../../lib/settings/skipped-hour.ts';

const FROM = new Date('2026-11-25T12:00:00Z');
const NIGHTLY = 'cron(0 2 * * ? *)';

it.each([
  ['Europe/Berlin', NIGHTLY, '2027-03-28', '02:00', '03:00'],
  ['America/New_York', NIGHTLY, '2027-03-14', '02:00', '03:00'],
  ['Australia/Sydney', NIGHTLY, '2027-10-03', '02:00', '03:00'],
  ['Pacific/Auckland', NIGHTLY, '2027-09-26', '02:00', '03:00'],
  ['Europe/London', 'cron(30 1 * * ? *)', '2027-03-28', '01:00', '02:00'],
  ['Europe/Berlin', 'cron(0/15 2 ? * * *)', '2027-03-28', '02:00', '03:00'],
  ['Europe/Berlin', 'cron(0 2 ? * SUN *)', '2027-03-28', '02:00', '03:00'],
  ['Europe/Berlin', 'cron(0 2 ? * SAT-MON *)', '2027-03-28', '02:00', '03:00'],
  ['Europe/Berlin', 'cron(0 2 ? * 1-7 *)', '2027-03-28', '02:00', '03:00'],
  ['Europe/Berlin', 'cron(0 2 ? * SUNL *)', '2027-03-28', '02:00', '03:00'],
  ['America/New_York', 'cron(0 2 ? 1-12 1#2 *)', '2027-03-14', '02:00', '03:00'],
  ['Europe/Berlin', 'cron(0 2 */9 MAR ? 2026-2199)', '2027-03-28', '02:00', '03:00'],
  // To midnight.
  ['America/Nuuk', 'cron(30 23 * * ? *)', '2027-03-27', '23:00', '00:00'],
  // Half an hour, and at another time of day.
  ['Australia/Lord_Howe', 'cron(15 2 * * ? *)', '2027-10-03', '02:00', '02:30'],
])(
  '%s, %s: names the date without a run, and a time that exists',
  (zone, schedule, date, from, to) => {
    const sentence = skippedRun(schedule, zone, FROM);
    expect(sentence).toContain(`from ${from} to ${to} on ${date}: that date gets no snapshot`);
    const proposed = /cron\([^)]*\)\.$/.exec(sentence ?? '')?.[0].slice(0, -1) ?? '';
    expect(proposed).toMatch(/^cron/);
    expect(skippedRun(proposed, zone, FROM)).toBeUndefined();
  },
);

it.each([
  ['UTC', NIGHTLY],
  ['Asia/Tokyo', NIGHTLY],
  ['Europe/London', NIGHTLY],
  ['Europe/Berlin', 'cron(0 3 * * ? *)'],
  ['Europe/Berlin', 'cron(59 1 * * ? *)'],
  ['Europe/Berlin', 'cron(0 2,14 * * ? *)'],
  ['Europe/Berlin', 'cron(0 0-4 * * ? *)'],
  ['Europe/Berlin', 'cron(0 */6 * * ? *)'],
  ['Europe/Berlin', 'rate(1 day)'],
  ['Europe/Berlin', 'cron(0 2 ? * MON *)'],
  ['Europe/Berlin', 'cron(0 2 ? * MON-FRI *)'],
  ['Europe/Berlin', 'cron(0 2 ? * L *)'],
  ['Europe/Berlin', 'cron(0 2 ? * 1#1 *)'],
  ['Europe/Berlin', 'cron(0 2 L * ? *)'],
  ['Europe/Berlin', 'cron(0 2 15W * ? *)'],
  ['Europe/Berlin', 'cron(0 2 * * ? 2026)'],
  ['America/Nuuk', 'cron(30 22 * * ? *)'],
])('%s, %s: says nothing where every date has its run', (zone, schedule) => {
  expect(skippedRun(schedule, zone, FROM)).toBeUndefined();
});
