import {
  isScheduleExpression,
  longestGapHours,
} from '../../../lib/settings/schedule-expression.ts';

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
