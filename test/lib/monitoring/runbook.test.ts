import { readFileSync } from 'node:fs';
import { FAILURE_NAMES } from '../../../contract/failure.ts';
import { CAUSES } from '../../../lambda/aws-causes.ts';
import { EXPORTER_ALARMS, INSTANCE_ALARMS } from '../../../lib/monitoring/alarms.ts';
import { INSTANCES_FAILED } from '../../../lib/workflow/failures.ts';
import { INVALID_INPUT } from '../../../lib/workflow/request.ts';
import { RETRIES } from '../../../lib/workflow/retries.ts';

const runbook = readFileSync('docs/runbook.md', 'utf8');

/** The text below a heading, up to the next one. */
const section = (heading: string): string =>
  runbook.split(`# ${heading}\n`)[1]?.split(/\n#+ /)[0] ?? '';

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

const ALARMS = Object.entries({ ...EXPORTER_ALARMS, ...INSTANCE_ALARMS });

const FROM_DESCRIPTION_TO_RESOLUTION =
  /\*\*Description\*\* — .*\*\*Investigation\*\* — .*\*\*Resolution\*\* — /s;

describe('the runbook', () => {
  it.each([...FAILURE_NAMES, INVALID_INPUT, INSTANCES_FAILED])('explains %s', (name) => {
    expect(section(name)).toMatch(FROM_DESCRIPTION_TO_RESOLUTION);
  });

  it.each(ALARMS)('tells what to do about the alarm %s', (_, { runbook: heading }) => {
    expect(section(heading)).toMatch(FROM_DESCRIPTION_TO_RESOLUTION);
  });

  it.each(Object.entries(CAUSES))('explains what AWS says: %s', (_, { runbook: heading }) => {
    expect(section(heading)).toMatch(FROM_DESCRIPTION_TO_RESOLUTION);
  });

  it('knows how a slice is killed', () => {
    const killed = RETRIES.flatMap(({ errors = [] }) => errors).filter((name) =>
      /^(Sandbox|Runtime)\./.test(name),
    );
    expect(killed).not.toEqual([]);
    for (const name of killed) expect(runbook).toContain(name);
  });

  it('links only to headings it has', () => {
    const headings = [...runbook.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      anchorOf(heading),
    );
    const links = [...runbook.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
    expect(links).not.toEqual([]);
    expect(headings).toEqual(expect.arrayContaining(links));
  });
});
