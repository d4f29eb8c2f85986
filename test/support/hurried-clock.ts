import type { Clock } from '../../export/ports.ts';

/** A clock by which three seconds pass whenever it is looked at: a part is closed after some ten users. */
export function hurriedClock(): Clock {
  let time = Date.now();
  return () => {
    time += 3000;
    return new Date(time);
  };
}
