import type { Timers } from '../../lambda/connect/timers.ts';

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
const TURNS = 20;

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
}

/** @param lateness how much later than asked for an alarm rings, in milliseconds, as those of a busy process do */
export function virtualTimers(lateness: () => number = () => 0): VirtualTimers {
  const alarms = new Set<Alarm>();
  let now = 0;

  const nextUntil = (end: number): Alarm | undefined => {
    let next: Alarm | undefined;
    for (const alarm of alarms) {
      if (alarm.at <= end && (!next || alarm.at < next.at)) next = alarm;
    }
    return next;
  };

  return {
    now: () => now,
    alarms: () => alarms.size,
    after(milliseconds, ring) {
      const alarm = { at: now + milliseconds + lateness(), ring };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await settle();
      for (let alarm = nextUntil(end); alarm; alarm = nextUntil(end)) {
        alarms.delete(alarm);
        now = alarm.at;
        alarm.ring();
        await settle();
      }
      now = end;
    },
  };
}
