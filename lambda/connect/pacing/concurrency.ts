/**
 * The latency that requests may have before those in flight no longer suffice for the rate, in seconds. Connect answers in
 * a tenth of it; a slow hour must not slow the export down.
 */
const LATENCY_SECONDS = 1;

/** Enough that one user in trouble, waiting to be tried again, does not hold up the others. */
const LEAST = 4;

/** As many connections as the HTTP agent may open; at Connect's usual latency good for 1,000 requests per second. */
export const MOST_IN_FLIGHT = 100;

/**
 * How many users to ask for at the same time, by Little's law: as many requests are in flight as are sent in the
 * time that one takes.
 *
 * @param requestsPerSecond the rate of ListUserProficiencies
 */
export const requestsInFlight = (requestsPerSecond: number): number =>
  Math.max(LEAST, Math.min(MOST_IN_FLIGHT, Math.ceil(requestsPerSecond * LATENCY_SECONDS)));
