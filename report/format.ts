const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const SIGNED = new Intl.NumberFormat('en-US', { signDisplay: 'exceptZero' });
const PERCENT = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const SHORT_DATE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});
const MEDIUM_DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** The report's language, which is English whatever the computer speaks: the same snapshot, the same file. */
export const LANGUAGE = 'en';

/** 1234.5 as `1,234.5`. */
export const number = (value: number): string => NUMBER.format(value);

/** Five characters at most, for narrow places: 9,999 and 12.3K. */
export const compact = (value: number): string =>
  value < 10_000 ? number(value) : COMPACT.format(value);

/** A difference as `+12`, `−3` or `0`. */
export const signed = (difference: number): string => SIGNED.format(difference).replace('-', '−');

/** A share of a whole as `7.4%`; of nothing it is 0. */
export const percent = (part: number, whole: number): string =>
  PERCENT.format(whole === 0 ? 0 : part / whole);

/** `1 agent`, `2 agents`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : several}`;

/** A day as `23 November 2026`. */
export const longDate = (day: string): string => DATE.format(new Date(day));

/** A day as `23 Nov`. */
export const shortDate = (day: string): string => SHORT_DATE.format(new Date(day));

/** A day as `23 Nov 2026`. */
export const mediumDate = (day: string): string => MEDIUM_DATE.format(new Date(day));

/** A moment as `23 Nov 2026, 03:23 UTC`. */
export const moment = (time: string): string => `${TIME.format(new Date(time))} UTC`;

/** One line: what would break it is a space. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
