import { timesOn } from '../../contract/schedule-expression.ts';

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
const WEEKS_OF_A_YEAR = 53;

/** Hours that do not exist, because the clocks go forward over them. */
interface SkippedHour {
  /** `yyyy-MM-dd`. */
  readonly date: string;
  /** `HH:mm`: the first time of that date that does not exist. */
  readonly from: string;
  /** `HH:mm`: the time that it is then. */
  readonly to: string;
}

/** How far the clocks of a time zone are ahead of UTC, in milliseconds. */
function offsetAt(zone: Intl.DateTimeFormat, time: number): number {
  const parts = Object.fromEntries(
    zone.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute);
  return local - Math.floor(time / MINUTE_MS) * MINUTE_MS;
}

const clockAt = (local: number): string => new Date(local).toISOString().slice(11, 16);

/**
 * The hours that the clocks of a time zone skip within a year.
 *
 * @param timeZone IANA name
 * @param from the beginning of the year to look at
 */
function skippedHours(timeZone: string, from: Date): SkippedHour[] {
  const zone = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const offset = (time: number): number => offsetAt(zone, time);
  const found: SkippedHour[] = [];
  const start = Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS;
  // No time zone moves its clocks twice within a week.
  for (let week = start; week < start + WEEKS_OF_A_YEAR * WEEK_MS; week += WEEK_MS) {
    const earlier = offset(week);
    if (offset(week + WEEK_MS) <= earlier) continue;
    let [before, after] = [week, week + WEEK_MS];
    while (after - before > MINUTE_MS) {
      const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
      if (offset(middle) > earlier) after = middle;
      else before = middle;
    }
    found.push({
      date: new Date(after + earlier).toISOString().slice(0, 10),
      from: clockAt(after + earlier),
      to: clockAt(after + offset(after)),
    });
  }
  return found;
}

/** In Greenland the clocks go forward to midnight. */
const isWithin = (time: string, { from, to }: SkippedHour): boolean =>
  time >= from && (time < to || to === '00:00');

/**
 * Tells of a date within a year that gets no snapshot, because every time at which the schedule is due does not exist on it:
 * EventBridge Scheduler does not start what is due at a time that the clocks skip.
 *
 * @param from the beginning of the year to look at
 * @returns one sentence for a person; `undefined` where every date has its run
 */
export function skippedRun(schedule: string, timeZone: string, from: Date): string | undefined {
  const skipped = skippedHours(timeZone, from).find((hour) => {
    const times = timesOn(schedule, hour.date);
    return times.length > 0 && times.every((time) => isWithin(time, hour));
  });
  if (!skipped) return undefined;
  const [hour, minute] = skipped.to.split(':').map(Number);
  const existing = schedule.replace(/^cron\(\s*\S+\s+\S+/, `cron(${minute} ${hour}`);
  return (
    `schedule is ${schedule} and timeZone is ${timeZone}, where the clocks go from ${skipped.from} to ${skipped.to} on ${skipped.date}: ` +
    `that date gets no snapshot. Choose a time that exists on every date, such as ${existing}.`
  );
}
