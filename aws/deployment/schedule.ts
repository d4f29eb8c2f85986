import { GetScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { nextDate, timesOn } from '../../contract/schedule-expression.ts';
import { dateIn } from '../../contract/time-zone.ts';
import { ask } from '../ask.ts';

/** By what a deployment starts its runs. */
export interface DeployedSchedule {
  readonly isEnabled: boolean;
  /** `cron(…)` or `rate(…)`. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** @throws Unanswered */
export async function readSchedule(
  client: SchedulerClient,
  name: string,
  abortSignal: AbortSignal,
): Promise<DeployedSchedule> {
  const answer = await ask(
    'scheduler:GetSchedule',
    client.send(new GetScheduleCommand({ Name: name }), { abortSignal }),
  );
  return {
    isEnabled: answer.State === 'ENABLED',
    expression: answer.ScheduleExpression ?? '',
    timeZone: answer.ScheduleExpressionTimezone ?? 'UTC',
  };
}

/** The time of day somewhere, as `HH:mm`. */
function timeIn(timeZone: string, time: Date): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return format.format(time);
}

/**
 * When the schedule is due next, in words.
 *
 * @returns such as `2026-11-24 at 02:00 (Europe/Berlin)`; of a rate, which is counted from a time that the schedule does not tell,
 *   `by rate(12 hours)`; `undefined` where it is never due again
 */
export function nextStart(
  { expression, timeZone }: Omit<DeployedSchedule, 'isEnabled'>,
  now: Date,
): string | undefined {
  if (expression.startsWith('rate(')) return `by ${expression}`;
  const today = dateIn(timeZone, now);
  const later = timesOn(expression, today).filter((time) => time > timeIn(timeZone, now));
  const date =
    later.length > 0 ? today : nextDate(expression, { date: today, time: now }, timeZone);
  if (date === undefined) return undefined;
  const [first] = (later.length > 0 ? later : timesOn(expression, date)).sort();
  return `${date} at ${first} (${timeZone})`;
}
