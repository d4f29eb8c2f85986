import * as z from 'zod/mini';
import type { Column } from './row.ts';

/** So many agents of this level or above are wanted, in each instance. */
export interface Target {
  /** Of the line in the CSV file that asks for it, counted from 1. */
  readonly line_number: number;
  readonly attribute_name: string;
  readonly attribute_value: string;
  /** 1.0 to 5.0. */
  readonly minimum_level: number;
  readonly minimum_agents: number;
}

/** Why a line of the CSV file counts for nothing. */
export interface TargetProblem {
  /** Counted from 1; `null` where it is the whole file that cannot be read. */
  readonly line_number: number | null;
  /** Goes on after "line 4: ", such as `minimum_level is "x", which is no level from 1 to 5`. */
  readonly problem: string;
}

/** What a CSV file of targets says. */
export interface Targets {
  readonly targets: readonly Target[];
  readonly problems: readonly TargetProblem[];
}

/** Such as `line 4: minimum_agents is missing`. */
export const problemInWords = ({ line_number, problem }: TargetProblem): string =>
  line_number === null ? problem : `line ${line_number}: ${problem}`;

/** One line of NDJSON: a target, or a line of the CSV file that is none. What does not apply is null. */
export const targetLineSchema = z.strictObject({
  line_number: z.nullable(z.int()),
  attribute_name: z.nullable(z.string()),
  attribute_value: z.nullable(z.string()),
  minimum_level: z.nullable(z.number()),
  minimum_agents: z.nullable(z.int()),
  problem: z.nullable(z.string()),
});

export type TargetLine = z.infer<typeof targetLineSchema>;

const NO_TARGET = {
  attribute_name: null,
  attribute_value: null,
  minimum_level: null,
  minimum_agents: null,
} as const;

/** All that a file says, in the order of its lines. */
export function targetLines({ targets, problems }: Targets): TargetLine[] {
  const lines: TargetLine[] = [
    ...targets.map((target) => ({ ...target, problem: null })),
    ...problems.map(({ line_number, problem }) => ({ line_number, ...NO_TARGET, problem })),
  ];
  return lines.sort((a, b) => (a.line_number ?? 0) - (b.line_number ?? 0));
}

/** The columns of `coverage_targets`, in the order in which a line's keys are written. */
export const TARGET_COLUMNS = {
  line_number: {
    type: 'int',
    comment: 'Line of targets/coverage.csv, from 1; null where the whole file cannot be read',
  },
  attribute_name: {
    type: 'string',
    comment: 'Name of the predefined attribute; null where the line is no target',
  },
  attribute_value: {
    type: 'string',
    comment: 'Value of the attribute; null where the line is no target',
  },
  minimum_level: {
    type: 'double',
    comment: 'Level from which an agent counts, 1.0 to 5.0; null where the line is no target',
  },
  minimum_agents: {
    type: 'int',
    comment: 'How many such agents each instance needs; null where the line is no target',
  },
  problem: {
    type: 'string',
    comment: 'Why the line cannot be read and counts for nothing; null where it is a target',
  },
} as const satisfies Record<keyof TargetLine, Column>;
