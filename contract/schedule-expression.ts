import { dateIn } from './time-zone.ts';

/**
 * EventBridge Scheduler's `cron(…)` and `rate(…)`: checked before they are deployed, and asked when the next run is due.
 *
 * Source of the grammar: EventBridge Scheduler User Guide, "Schedule types in EventBridge Scheduler".
 */

interface Field {
  readonly min: number;
  readonly max: number;
  /** Names that stand for `min`, `min + 1`, … */
  readonly names?: readonly string[];
  /** What `L`, `W` and `#` may follow here, beside `?` and `L` alone: none in other fields. */
  readonly special?: RegExp;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const MINUTE: Field = { min: 0, max: 59 };
const HOUR: Field = { min: 0, max: 23 };
/** `15W`: the weekday nearest to the 15th. */
const DAY_OF_MONTH: Field = { min: 1, max: 31, special: /^(?<plain>\d+)W$/ };
const MONTH: Field = { min: 1, max: 12, names: MONTHS };
/** `FRIL` or `6L`: the last Friday of the month; `6#3`: the third one. */
const DAY_OF_WEEK: Field = {
  min: 1,
  max: 7,
  names: WEEKDAYS,
  special: /^(?<plain>\w+?)(?:L|#[1-5])$/,
};
const YEAR: Field = { min: 1970, max: 2199 };

const CRON_FIELDS = [MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK, YEAR];

const HOURS_PER_UNIT = { minute: 1 / 60, hour: 1, day: 24 } as const;
const RATE = /^rate\((\d+) (minute|hour|day)(s?)\)$/;
const CRON = /^cron\(([^()]+)\)$/;

/** Whether EventBridge Scheduler would accept the expression. One-time schedules (`at(…)`) are refused. */
export function isScheduleExpression(expression: string): boolean {
  return isRate(expression) || isCron(expression);
}

/**
 * The longest time between two runs, in hours, where the expression says it plainly: a rate, or a
 * cron expression that is due every day. `undefined` for weekly, monthly and the like.
 */
export function longestGapHours(expression: string): number | undefined {
  return rateHours(expression) ?? (isDaily(expression) ? 24 : undefined);
}

function rateHours(expression: string): number | undefined {
  const [, count, unit] = RATE.exec(expression) ?? [];
  if (count === undefined) return undefined;
  return Number(count) * HOURS_PER_UNIT[unit as keyof typeof HOURS_PER_UNIT];
}

/**
 * The times of day, as `HH:mm`, at which a cron expression is due on a date; empty where it is not, and for a rate, which counts the
 * time that passes, whatever the clocks say.
 *
 * @param date `yyyy-MM-dd`
 */
export function timesOn(expression: string, date: string): string[] {
  const [minutes = '', hours = '', ...days] = cronFields(expression);
  if (!isDueOn(days, new Date(`${date}T00:00:00Z`))) return [];
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return valuesOf(hours, HOUR).flatMap((h) =>
    valuesOf(minutes, MINUTE).map((m) => `${twoDigits(h)}:${twoDigits(m)}`),
  );
}

/** A run, as far as it tells when the next one is due. */
interface RunTime {
  /** The date of its snapshot, `yyyy-MM-dd`. */
  readonly date: string;
  /** When it was due or, if it was started by hand, when it began. */
  readonly time: Date;
}

const HOUR_MS = 3_600_000;

/** The days on which a cron expression is due, `yyyy-MM-dd`, from a date on up to the last one that it can name. */
function* dueDates(expression: string, from: string): Generator<string> {
  const days = cronFields(expression).slice(2);
  const [, months = '', , years = ''] = days;
  for (const year of valuesOf(years, YEAR)) {
    if (year < Number(from.slice(0, 4))) continue;
    for (const month of valuesOf(months, MONTH)) {
      const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
      for (let day = 1; day <= last; day++) {
        const date = new Date(Date.UTC(year, month - 1, day));
        const text = date.toISOString().slice(0, 10);
        if (text >= from && isDueOn(days, date)) yield text;
      }
    }
  }
}

/** After this day no cron expression can be due, and a rate that leads beyond it is a mistake. */
const LAST_DAY = `${YEAR.max}-12-31`;

/**
 * Whether a schedule is ever due again: `cron(0 2 31 2 ? *)` and years that have passed are not.
 *
 * @param from `yyyy-MM-dd`; it counts as due on this day at whatever time
 */
export function isEverDue(expression: string, from: string): boolean {
  const interval = rateHours(expression);
  if (interval === undefined) return dueDates(expression, from).next().done === false;
  return Date.parse(from) + interval * HOUR_MS <= Date.parse(LAST_DAY);
}

/**
 * The first date after a run's on which the schedule is due, `yyyy-MM-dd`; `undefined` where it never is again.
 *
 * A rate is counted from the run. After a run started by hand, that may be later than the schedule's own next run, never earlier.
 *
 * @param timeZone IANA name, in which a cron expression is read and a snapshot gets its date
 */
export function nextDate(expression: string, run: RunTime, timeZone: string): string | undefined {
  const interval = rateHours(expression);
  if (interval !== undefined) {
    let next = run.time;
    do next = new Date(next.getTime() + interval * HOUR_MS);
    while (dateIn(timeZone, next) <= run.date);
    return dateIn(timeZone, next);
  }
  for (const date of dueDates(expression, run.date)) if (date > run.date) return date;
  return undefined;
}

function isDueOn([dayOfMonth, month, dayOfWeek, year]: readonly string[], date: Date): boolean {
  if (dayOfMonth === undefined || month === undefined) return false;
  if (dayOfWeek === undefined || year === undefined) return false;
  const day = date.getUTCDate();
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const weekday = date.getUTCDay() + 1;
  const isWeekday = (item: string): boolean => {
    if (item === 'L') return weekday === DAY_OF_WEEK.max;
    const [, plain = item, which, nth] = /^(\w+)(L|#(\d))$/.exec(item) ?? [];
    return (
      valuesOf(plain, DAY_OF_WEEK).includes(weekday) &&
      (which !== 'L' || day + 7 > last) &&
      (nth === undefined || Math.ceil(day / 7) === Number(nth))
    );
  };
  const isDayOfMonth = (item: string): boolean => {
    if (item === 'L') return day === last;
    const [, nearest] = /^(\d+)W$/.exec(item) ?? [];
    return nearest === undefined
      ? valuesOf(item, DAY_OF_MONTH).includes(day)
      : day === weekdayNear(Number(nearest), (weekday - day + 35) % 7, last);
  };
  return (
    (dayOfMonth === '?' || dayOfMonth.split(',').some(isDayOfMonth)) &&
    valuesOf(month, MONTH).includes(date.getUTCMonth() + 1) &&
    (dayOfWeek === '?' || dayOfWeek.split(',').some(isWeekday)) &&
    valuesOf(year, YEAR).includes(date.getUTCFullYear())
  );
}

/**
 * The weekday nearest to a day of a month, in the same month; no day where the month has no such day.
 *
 * @param shift a day of this month plus the shift is its day of the week, modulo 7; 1 is Sunday
 * @param last day of the month
 */
function weekdayNear(day: number, shift: number, last: number): number | undefined {
  if (day > last) return undefined;
  switch ((day + shift) % 7) {
    case 0:
      return day === 1 ? 3 : day - 1;
    case 1:
      return day === last ? day - 2 : day + 1;
    default:
      return day;
  }
}

function isDaily(expression: string): boolean {
  const days = cronFields(expression).slice(2);
  return days.length > 0 && days.every((field) => field === '*' || field === '?');
}

/** What a field stands for: `*`, `5`, `SUN`, `1-3`, `0/15` and lists of these. A range such as `SAT-MON` goes round. */
function valuesOf(text: string, { min, max, names }: Field): number[] {
  const numberOf = (value: string): number => {
    const named = names?.indexOf(value.toUpperCase()) ?? -1;
    return named < 0 ? Number(value) : min + named;
  };
  const ranges = text.split(',').map((item) => {
    const [range = '', step] = item.split('/');
    const [first = '', last] = range.split('-');
    const from = first === '*' ? min : numberOf(first);
    const to =
      last === undefined ? (step === undefined && first !== '*' ? from : max) : numberOf(last);
    return { from, to, step: Number(step ?? 1) };
  });
  return Array.from({ length: max - min + 1 }, (_, index) => min + index).filter((value) =>
    ranges.some(
      ({ from, to, step }) =>
        (from > to ? value >= from || value <= to : value >= from && value <= to) &&
        (value - from) % step === 0,
    ),
  );
}

function isRate(expression: string): boolean {
  const [, count, , plural] = RATE.exec(expression) ?? [];
  return count !== undefined && Number(count) > 0 && (plural === 's') === (Number(count) !== 1);
}

function isCron(expression: string): boolean {
  const fields = cronFields(expression);
  const [, , dayOfMonth, , dayOfWeek] = fields;
  // Exactly one of the two days must be left open: cron(0 2 * * * *) is refused by the service.
  return (
    fields.length === CRON_FIELDS.length &&
    (dayOfMonth === '?') !== (dayOfWeek === '?') &&
    CRON_FIELDS.every((field, index) => isField(fields[index] ?? '', field))
  );
}

const cronFields = (expression: string): string[] =>
  CRON.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];

function isField(text: string, field: Field): boolean {
  if (text === '*' || (field.special && ['?', 'L'].includes(text))) return true;
  return text.split(',').every((item) => isItem(item, field));
}

function isItem(item: string, field: Field): boolean {
  const [range = '', step, ...rest] = item.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*') return step !== undefined;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every((end) => isValue(end, field));
}

function isValue(text: string, field: Field): boolean {
  const plain = field.special?.exec(text)?.groups?.plain ?? text;
  const named = field.names?.includes(plain.toUpperCase()) ?? false;
  const number = /^\d+$/.test(plain) ? Number(plain) : Number.NaN;
  return named || (number >= field.min && number <= field.max);
}
