import type { FaultPlan } from '../faults/plan.ts';
import type { Dataset } from '../people/dataset.ts';

/** What the answers are made of. */
export interface Backend {
  readonly dataset: Dataset;
  /** The users as SearchUsers knows them. */
  readonly index: Dataset;
  readonly plan: FaultPlan;
  /** Milliseconds since the epoch; tokens age by it. */
  readonly now: () => number;
}
