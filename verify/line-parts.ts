import type { Manifest } from '../contract/manifest.ts';

/** What differs from line to line of one run. */
export interface LineParts {
  /** From the user's id on: while nobody changes the user, the same day after day. */
  readonly said: string;
  readonly fetchedAt: string;
}

const TIME_CHARACTERS = '2026-11-23T02:00:07.125Z'.length;
const BEFORE_TIME = ',"fetched_at":"';

const begun = (members: object): string => `${JSON.stringify(members).slice(0, -1)},`;

/**
 * Takes lines of a run apart, without reading them as JSON.
 *
 * @returns gives `undefined` for a line that does not begin and end as this software writes those of the manifest's run
 */
export function linesOfRun(manifest: Manifest): (line: string) => LineParts | undefined {
  const { instance_id, snapshot_date, region, run_id } = manifest;
  // Earlier versions did not date their rows.
  const beginnings = [
    begun({ instance_id, snapshot_date, region }),
    begun({ instance_id, region }),
  ] as const;
  const end = `",${JSON.stringify({ run_id }).slice(1)}`;
  return (line) => {
    const beginning = beginnings.find((one) => line.startsWith(one));
    const timeEnds = line.length - end.length;
    const timeBegins = timeEnds - TIME_CHARACTERS;
    const saidEnds = timeBegins - BEFORE_TIME.length;
    if (beginning === undefined || saidEnds < beginning.length) return undefined;
    if (!line.endsWith(end) || !line.startsWith(BEFORE_TIME, saidEnds)) return undefined;
    return {
      said: line.slice(beginning.length, saidEnds),
      fetchedAt: line.slice(timeBegins, timeEnds),
    };
  };
}
