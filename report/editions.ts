import { ExportFailure } from '../contract/failure.ts';
import { parseInstance } from '../contract/instance.ts';
import { type Aliases, aliasesAmong } from './aliases.ts';

/** What was published: the manifest is there. */
export interface Published {
  readonly instanceId: string;
  readonly date: string;
}

/** What the report shows of one instance. */
export interface Edition {
  readonly instanceId: string;
  /** What people call the instance; absent where nobody said. */
  readonly alias: string | undefined;
  /** The day of the snapshot that is shown. */
  readonly date: string;
  /** The day of the published snapshot before it. */
  readonly previousDate: string | undefined;
  /** Whether no later one was published. */
  readonly isNewest: boolean;
}

/** Whose agents a report is about; those of all where nothing is said. Names are compared exactly. */
export interface Among {
  /** A group of the agent hierarchy, of any level. */
  readonly team?: string;
  readonly routingProfile?: string;
}

/** Whether a report is about some agents alone. */
export const isNarrowed = ({ team, routingProfile }: Among): boolean =>
  team !== undefined || routingProfile !== undefined;

export interface Wanted extends Among {
  /** What people call the instances; default: nobody said. */
  readonly aliases?: Aliases;
  /** Instance id or ARN; default: every instance. */
  readonly instanceId?: string;
  /** Day of the snapshot; default: the newest of each instance. */
  readonly date?: string;
}

/** Why there is no report about these agents. */
export function nobodyAmong({ team, routingProfile }: Among): ExportFailure {
  const inTeam = team === undefined ? '' : ` in the team "${team}"`;
  const withProfile =
    routingProfile === undefined ? '' : ` with the routing profile "${routingProfile}"`;
  return new ExportFailure(
    'InvalidRequest',
    `There is no agent${inTeam}${withProfile} in the snapshot; write the name exactly as Connect does, or leave it out to see all agents.`,
  );
}

function datesByInstance(published: readonly Published[]): Map<string, readonly string[]> {
  const dates = new Map<string, readonly string[]>();
  for (const { instanceId, date } of published) {
    dates.set(instanceId, [...(dates.get(instanceId) ?? []), date]);
  }
  return dates;
}

function editionOf(
  instanceId: string,
  dates: readonly string[],
  wanted: string | undefined,
): Omit<Edition, 'alias'> | undefined {
  const date = wanted ?? dates.at(-1);
  if (date === undefined || !dates.includes(date)) return undefined;
  return {
    instanceId,
    date,
    previousDate: dates.findLast((other) => other < date),
    isNewest: date === dates.at(-1),
  };
}

function refusal({ instanceId, date }: Wanted, published: readonly Published[]): ExportFailure {
  const ofInstance = instanceId === undefined ? '' : ` of instance ${instanceId}`;
  const ofDay = date === undefined ? '' : ` dated ${date}`;
  const days = [...new Set(published.map((one) => one.date))].toSorted();
  const ids = [...new Set(published.map((one) => one.instanceId))];
  const there =
    published.length === 0
      ? 'finish an export first'
      : `there are ${ids.join(', ')}, from ${days.at(0)} to ${days.at(-1)}`;
  return new ExportFailure(
    'InvalidRequest',
    `There is no published snapshot${ofInstance}${ofDay}; ${there}.`,
  );
}

/**
 * The snapshots that a report is about, by instance.
 *
 * @param published by instance, then date
 * @throws ExportFailure InvalidRequest where none is meant, the message says which there are; and where an alias is of none of them
 */
export function chooseEditions(
  published: readonly Published[],
  wanted: Wanted,
): readonly [Edition, ...Edition[]] {
  const { instanceId = '', aliases = {} } = wanted;
  const id = parseInstance(instanceId)?.id ?? instanceId;
  const [first, ...others] = [...datesByInstance(published)]
    .filter(([candidate]) => id === '' || candidate === id)
    .map(([candidate, dates]) => editionOf(candidate, dates, wanted.date))
    .filter((edition) => edition !== undefined);
  if (first === undefined) throw refusal(wanted, published);
  const ids = [first, ...others].map((edition) => edition.instanceId);
  const known = aliasesAmong(ids, aliases);
  const named = (edition: typeof first): Edition => ({
    ...edition,
    alias: known[edition.instanceId],
  });
  return [named(first), ...others.map(named)];
}
