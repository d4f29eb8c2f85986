import type { Operation } from './operations.ts';

/** How the calls to one operation ended. */
export interface CallCounts {
  /** With the answer asked for. */
  ok: number;
  /** With 429. */
  throttled: number;
  /** With another 4xx: an unknown user, a wrong parameter. */
  refused: number;
  /** With a 5xx or a cut connection. */
  failed: number;
}

/** Counts by operation; operations never called are absent. */
type OperationCounts = Partial<Record<Operation, CallCounts>>;

/** What was asked of the simulator, by the access key id of the caller. */
export type Stats = Record<string, OperationCounts>;

/** Counts calls. */
export interface Tally {
  add(tenant: string, operation: Operation, how: keyof CallCounts): void;
  /** A copy of the counts. */
  stats(): Stats;
}

export function createTally(): Tally {
  const tenants = new Map<string, OperationCounts>();
  return {
    add(tenant, operation, how) {
      let operations = tenants.get(tenant);
      if (operations === undefined) {
        operations = {};
        tenants.set(tenant, operations);
      }
      operations[operation] ??= { ok: 0, throttled: 0, refused: 0, failed: 0 };
      operations[operation][how] += 1;
    },
    stats: () => structuredClone(Object.fromEntries(tenants)),
  };
}
