const DAY_MS = 86_400_000;

/** The first change is of the day after this; what was there on day 0 is up to a year older. */
const DAY_ZERO = Date.UTC(2026, 0, 1);

/**
 * A time on a day.
 *
 * @param share how much of the day has passed, from 0 to 1; on day 0, how much of a year ago it was
 */
export const timeOn = (day: number, share: number): Date =>
  new Date(
    day === 0
      ? DAY_ZERO - Math.ceil(share * 365 * DAY_MS)
      : DAY_ZERO + Math.floor((day + share) * DAY_MS),
  );
