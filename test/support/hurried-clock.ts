import type { Clock } from '../../export/ports.ts';

/** A clock by which a second passes whenever it is looked at: a part is closed after some thirty users. */
export function hurriedClock(): Clock {
  let time = Date.now();
  return () => {
    time += 1000;
    return new Date(time);
  };
}
