import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { Manifest } from '../../contract/manifest.ts';
import { USERS_AT_A_TIME } from '../../derive/compare.ts';
import { gzipLines, toLine } from '../../export/files/ndjson.ts';
import { type RowFindings, readRows, type SaidByText } from '../../verify/read-rows.ts';
import { FULL } from '../support/breadth.ts';
import { manifestOf, rowOf, type WorldUser } from '../support/published-world.ts';

const INSTANCE = '11111111-2222-4333-8444-555555555555';
const DAYS = ['2026-11-22', '2026-11-23'] as const;

/** What somebody may have done to a line, on either day: most of it is JSON of a user still. */
const TAMPERED: Readonly<Record<string, (line: string, date: string) => string>> = {
  nothing: (line) => line,
  undated: (line, date) => line.replace(`"snapshot_date":"${date}",`, ''),
  'another time': (line) => line.replace('07.125Z', '09.250Z'),
  'no time': (line) => line.replace('02:00:07.125Z', '02:61:07.125Z'),
  'an escaped time': (line) => line.replace('07.125Z', '07.1\\u00Z'),
  'another run': (line) => line.replace('-00000000"', '-00000001"'),
  'another Region': (line) => line.replace('us-east-1', 'eu-west-2'),
  'a date within': (line) =>
    line.replace(',"proficiencies":', `,"snapshot_date":"${DAYS[0]}","proficiencies":`),
  'a Region within': (line) =>
    line.replace(',"proficiencies":', ',"region":"us-east-1","proficiencies":'),
  'a run within': (line) => line.replace(',"proficiencies":', ',"run_id":"x","proficiencies":'),
  'another user within': (line) =>
    line.replace(',"proficiencies":', ',"user_id":"u9","proficiencies":'),
  'a key too many': (line) => line.replace(',"proficiencies":', ',"x":1,"proficiencies":'),
  'a space': (line) => line.replace(',"proficiencies":', ', "proficiencies":'),
  'another count': (line) => line.replace(/"proficiency_count":\d/, '"proficiency_count":9'),
  'half a character': (line) => line.replace('"user_id":"', '"user_id":"\\ud83c'),
  'half a line': (line) => line.slice(0, line.length / 2),
};

const user: fc.Arbitrary<WorldUser> = fc.record(
  {
    id: fc.constantFrom('u1', 'u2', 'ü3', '"run_id":"u4"'),
    username: fc.constantFrom('name', 'n\u{fffd}', '\u2028'),
    proficiencies: fc.array(
      fc.constant({ attribute_name: 'Language', attribute_value: 'French', level: 3 }),
      { maxLength: 1 },
    ),
  },
  { requiredKeys: ['id', 'proficiencies'] },
);

/** A user on both days, and what was done to the lines. */
const line = fc.record({
  users: fc.oneof(
    { weight: 3, arbitrary: user.map((one) => [one, one] as const) },
    fc.tuple(user, user),
  ),
  tampered: fc
    .tuple(fc.boolean(), fc.constantFrom(...Object.keys(TAMPERED)))
    .map(([onBoth, how]) => [onBoth ? how : 'nothing', how] as const),
});

const describedOn = (date: string): Manifest => manifestOf(INSTANCE, { date, users: [] });

async function read(
  lines: readonly string[],
  manifest: Manifest,
  known: SaidByText,
): Promise<RowFindings | 'refused'> {
  const body = Readable.from([await gzipLines(lines)]);
  return readRows(body, manifest, known).catch(() => 'refused' as const);
}

it('finds in a snapshot the same, whatever is known of the one before', async () => {
  let settled = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 4 }), async (all) => {
      const [before, now] = ([0, 1] as const).map((day) =>
        all.map(({ users, tampered }) => {
          const written = toLine(rowOf(INSTANCE, DAYS[day], users[day]));
          return TAMPERED[tampered[day]]?.(written, DAYS[day]) ?? written;
        }),
      );
      const earlier = await read(before ?? [], describedOn(DAYS[0]), new Map());
      const manifest = describedOn(DAYS[1]);
      const alone = await read(now ?? [], manifest, new Map());
      const known = earlier === 'refused' ? new Map() : earlier.said;
      const found = await read(now ?? [], manifest, known);
      expect(found).toEqual(alone);
      if (found === 'refused') return;
      settled += [...found.said.values()].filter(
        (said) => known.get(said.text ?? '') === said,
      ).length;
    }),
    { numRuns: FULL ? 100 : 40 },
  );
  expect(settled).toBeGreaterThan(0);
});

it('keeps nothing of a snapshot with more users than are compared at a time', async () => {
  const manifest = describedOn(DAYS[0]);
  const lines = [toLine(rowOf(INSTANCE, DAYS[0], { id: 'u1', proficiencies: [] }))];
  const rowsSaid = async (rows: number) => {
    const large = { ...manifest, snapshot: { ...manifest.snapshot, rows } };
    const found = await read(lines, large, new Map());
    return found === 'refused' ? found : found.said.size;
  };
  expect(await rowsSaid(USERS_AT_A_TIME)).toBe(1);
  expect(await rowsSaid(USERS_AT_A_TIME + 1)).toBe(0);
});
