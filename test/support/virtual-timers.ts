import type { Timers } from '../../lambda/connect/pacing/timers.ts';

/** A clock that stands still until it is told to go on. */
export interface VirtualTimers extends Timers {
  /** Lets time pass; alarms ring in their order, and what waits for promises gets its turn after each. */
  advance(milliseconds: number): Promise<void>;
  /** How many alarms are set. */
  alarms(): number;
}

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/** Enough turns for a chain of awaits to come to rest. */
const TURNS = 10;

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
}

/** Keeps the alarms in their order, the next one last; of two at one time, the one set first rings first. */
function insert(alarms: Alarm[], alarm: Alarm): void {
  let low = 0;
  let high = alarms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((alarms[middle]?.at ?? 0) > alarm.at) low = middle + 1;
    else high = middle;
  }
  alarms.splice(low, 0, alarm);
}

/** @param lateness how much later than asked for an alarm rings, in milliseconds, as those of a busy process do */
export function virtualTimers(lateness: () => number = () => 0): VirtualTimers {
  const alarms: Alarm[] = [];
  let now = 0;

  const takeUntil = (end: number): Alarm | undefined =>
    (alarms.at(-1)?.at ?? Number.POSITIVE_INFINITY) <= end ? alarms.pop() : undefined;

  return {
    now: () => now,
    alarms: () => alarms.length,
    after(milliseconds, ring) {
      const alarm = { at: now + milliseconds + lateness(), ring };
      insert(alarms, alarm);
      return () => {
        const index = alarms.indexOf(alarm);
        if (index >= 0) alarms.splice(index, 1);
      };
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await settle();
      for (let alarm = takeUntil(end); alarm; alarm = takeUntil(end)) {
        now = alarm.at;
        alarm.ring();
        await settle();
      }
      now = end;
    },
  };
}
