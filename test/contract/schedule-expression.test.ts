import {
  isEverDue,
  isScheduleExpression,
  longestGapHours,
  nextDate,
} from '../../contract/schedule-expression.ts';

describe('isScheduleExpression', () => {
  it.each([
    'cron(0 2 * * ? *)',
    'cron(0/15 8-18 ? * MON-FRI *)',
    'cron(0 2 L * ? *)',
    'cron(0 2 15W * ? *)',
    'cron(0 2 ? JAN,JUL 6#3 2026-2030)',
    'cron(0 2 ? * FRIL *)',
    'cron(*/10 * * * ? *)',
    'rate(1 hour)',
    'rate(12 hours)',
    'rate(90 minutes)',
    'rate(2 days)',
  ])('accepts %s', (expression) => {
    expect(isScheduleExpression(expression)).toBe(true);
  });

  it.each([
    '',
    '0 2 * * ? *',
    'cron()',
    'cron(0 2 * * * *)',
    'cron(0 2 ? * ? *)',
    'cron(0 2 * * ?)',
    'cron(60 2 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 2 32 * ? *)',
    'cron(0 2 * 13 ? *)',
    'cron(0 2 ? * 8 *)',
    'cron(0 2 ? * FOO *)',
    'cron(0 2 * * ? 1969)',
    'cron(0/0 2 * * ? *)',
    'cron(0 1-2-3 * * ? *)',
    'cron(0 2 7#2 * ? *)',
    'cron(0 2, * * ? *)',
    'cron(0 2 15L * ? *)',
    'cron(0 2 ? * MONW *)',
    'cron(0 2 ? * 6#6 *)',
    'cron(0 2L * * ? *)',
    'rate(0 hours)',
    'rate(1 hours)',
    'rate(2 hour)',
    'rate(1.5 hours)',
    'rate(2 weeks)',
    'at(2026-11-23T02:00:00)',
  ])('refuses %s', (expression) => {
    expect(isScheduleExpression(expression)).toBe(false);
  });
});

describe('longestGapHours', () => {
  it.each([
    ['rate(90 minutes)', 1.5],
    ['rate(2 days)', 48],
    ['cron(0 2 * * ? *)', 24],
    ['cron(0 2 ? * * *)', 24],
    ['cron(0 2 ? * MON *)', undefined],
    ['cron(0 2 1 * ? *)', undefined],
    ['cron(0 2 * 6 ? *)', undefined],
    ['cron(0 2 * * ? 2027)', undefined],
  ])('of %s is %s', (expression, hours) => {
    expect(longestGapHours(expression)).toBe(hours);
  });
});

describe('nextDate', () => {
  const next = (expression: string, date: string, timeZone = 'UTC') =>
    nextDate(expression, { date, time: new Date(`${date}T02:00:00Z`) }, timeZone);

  it.each([
    // 2026-11-20 is a Friday.
    ['cron(0 2 * * ? *)', '2026-11-20', '2026-11-21'],
    ['cron(0 2,14 * * ? *)', '2026-11-20', '2026-11-21'],
    ['cron(0 2 ? * MON-FRI *)', '2026-11-20', '2026-11-23'],
    ['cron(0 2 ? * MON-FRI *)', '2026-11-23', '2026-11-24'],
    ['cron(0 2 ? * MON-FRI *)', '2026-11-21', '2026-11-23'],
    ['cron(0 2 ? * MON *)', '2026-11-23', '2026-11-30'],
    ['cron(0 2 ? * 2#1 *)', '2026-11-02', '2026-12-07'],
    ['cron(0 2 1,L * ? *)', '2026-11-02', '2026-11-30'],
    ['cron(0 2 L * ? *)', '2026-11-30', '2026-12-31'],
    ['cron(0 2 15W * ? *)', '2026-11-02', '2026-11-16'],
    ['cron(0 2 1W * ? *)', '2026-07-02', '2026-08-03'],
    ['cron(0 2 31W * ? *)', '2026-04-02', '2026-05-29'],
    ['cron(0 2 30W * ? *)', '2026-08-02', '2026-08-31'],
    ['cron(0 2 31W * ? *)', '2026-04-29', '2026-05-29'],
    ['cron(0 2 28W 2 ? *)', '2026-01-01', '2026-02-27'],
    ['cron(0 2 29 2 ? *)', '2096-02-29', '2104-02-29'],
    ['cron(0 2 * * ? 2026)', '2026-12-31', undefined],
    ['cron(0 2 3 4 ? 2040)', '2026-12-31', '2040-04-03'],
    ['cron(0 2 31 2 ? *)', '2026-12-31', undefined],
    ['rate(12 hours)', '2026-11-20', '2026-11-21'],
    ['rate(1 minute)', '2026-11-20', '2026-11-21'],
    ['rate(36 hours)', '2026-11-20', '2026-11-21'],
    ['rate(7 days)', '2026-11-20', '2026-11-27'],
  ])('of %s after %s is %s', (expression, date, expected) => {
    expect(next(expression, date)).toBe(expected);
  });

  it("counts a rate's days in the time zone of the snapshots", () => {
    const run = { date: '2026-11-19', time: new Date('2026-11-20T02:00:00Z') };
    expect(nextDate('rate(12 hours)', run, 'America/New_York')).toBe('2026-11-20');
    expect(nextDate('rate(2 days)', run, 'America/New_York')).toBe('2026-11-21');
  });
});

describe('isEverDue', () => {
  it.each([
    ['cron(0 2 31 2 ? *)', false],
    ['cron(0 2 31 APR,JUN,SEP,NOV ? *)', false],
    ['cron(0 2 30W 2 ? *)', false],
    ['cron(0 2 * * ? 2025)', false],
    ['cron(0 2 1-28 11 ? 2026)', false],
    ['cron(0 2 29 2 ? 2027,2029,2100)', false],
    ['rate(99999 days)', false],
    ['rate(999999999999999999 days)', false],
    ['cron(0 2 29 11 ? 2026)', true],
    ['cron(0 2 29 2 ? 2025-2030)', true],
    ['cron(0 2 29 2 ? 2196/1)', true],
    ['cron(0 2 ? 2 7#5 *)', true],
    ['cron(0 2 31 12 ? 2199)', true],
    ['rate(7 days)', true],
  ])('of %s after 2026-11-28 is %s', (expression, due) => {
    expect([isScheduleExpression(expression), isEverDue(expression, '2026-11-29')]).toEqual([
      true,
      due,
    ]);
  });
});
