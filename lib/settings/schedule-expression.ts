/**
 * EventBridge Scheduler's `cron(…)` and `rate(…)`, checked before they are deployed.
 *
 * Source of the grammar: EventBridge Scheduler User Guide, "Schedule types in EventBridge Scheduler".
 */

interface Field {
  readonly min: number;
  readonly max: number;
  /** Names that stand for `min`, `min + 1`, … */
  readonly names?: readonly string[];
  /** Whether `?`, `L`, `W` and `#` have a meaning here. */
  readonly day?: boolean;
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const CRON_FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31, day: true },
  { min: 1, max: 12, names: MONTHS },
  { min: 1, max: 7, names: WEEKDAYS, day: true },
  { min: 1970, max: 2199 },
];

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
  const [, count, unit] = RATE.exec(expression) ?? [];
  if (count !== undefined)
    return Number(count) * HOURS_PER_UNIT[unit as keyof typeof HOURS_PER_UNIT];
  return isDaily(expression) ? 24 : undefined;
}

/**
 * The times of day, as `HH:mm`, at which a cron expression that is due every day starts a run; empty for all others. A rate
 * counts the time that passes, whatever the clocks say.
 */
export function dailyTimes(expression: string): string[] {
  const [minutes = '', hours = ''] = cronFields(expression);
  const [minute, hour] = CRON_FIELDS;
  if (!isDaily(expression) || !minute || !hour) return [];
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return valuesOf(hours, hour).flatMap((h) =>
    valuesOf(minutes, minute).map((m) => `${twoDigits(h)}:${twoDigits(m)}`),
  );
}

function isDaily(expression: string): boolean {
  const days = cronFields(expression).slice(2);
  return days.length > 0 && days.every((field) => field === '*' || field === '?');
}

/** What a field of numbers stands for: `*`, `5`, `1-3`, `0/15` and lists of these. */
function valuesOf(text: string, { min, max }: Field): number[] {
  const ranges = text.split(',').map((item) => {
    const [range = '', step] = item.split('/');
    const [first, last] = range.split('-');
    const from = first === '*' ? min : Number(first);
    const to =
      last === undefined ? (step === undefined && first !== '*' ? from : max) : Number(last);
    return { from, to, step: Number(step ?? 1) };
  });
  return Array.from({ length: max - min + 1 }, (_, index) => min + index).filter((value) =>
    ranges.some(
      ({ from, to, step }) => value >= from && value <= to && (value - from) % step === 0,
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
  if (text === '*' || (field.day === true && ['?', 'L'].includes(text))) return true;
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
  const [, plain = text, nth] = (field.day === true && /^(\w+?)(?:L|W|#([1-5]))$/.exec(text)) || [];
  const named = field.names?.includes(plain.toUpperCase()) ?? false;
  const number = /^\d+$/.test(plain) ? Number(plain) : Number.NaN;
  return (
    (named || (number >= field.min && number <= field.max)) &&
    (nth === undefined || field.names !== undefined)
  );
}
