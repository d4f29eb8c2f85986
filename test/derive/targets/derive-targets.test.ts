import fc from 'fast-check';
import { ExportFailure } from '../../../contract/failure.ts';
import { COVERAGE_TARGETS_KEY, TARGETS_FILE_KEY } from '../../../contract/keys.ts';
import { targetLineSchema } from '../../../contract/target.ts';
import { areTargetsCurrent, deriveTargets } from '../../../derive/targets/derive-targets.ts';
import { fromLine, gunzipLines } from '../../../export/files/ndjson.ts';
import { FULL } from '../../support/breadth.ts';
import { interruptedStore } from '../../support/interrupted-store.ts';
import { Killed, killedStore } from '../../support/killed-store.ts';
import { type MemoryStore, memoryStore } from '../../support/memory-store.ts';

const HEADER = 'attribute_name,attribute_value,minimum_level,minimum_agents';
const FRENCH = `${HEADER}\nLanguage,French,4,2\n`;
const GERMAN = `${HEADER}\nLanguage,German,3.5,1\nLanguage,Dutch,x,1\n`;

/** A file that people put there, or remove. */
function upload({ objects }: MemoryStore, text: string | undefined): void {
  if (text === undefined) objects.delete(TARGETS_FILE_KEY);
  else objects.set(TARGETS_FILE_KEY, Buffer.from(text));
}

function storeWith(text: string | undefined): MemoryStore {
  const store = memoryStore();
  upload(store, text);
  return store;
}

const derivedIn = ({ objects }: MemoryStore) => objects.get(COVERAGE_TARGETS_KEY);

async function linesIn(store: MemoryStore): Promise<unknown[]> {
  const object = await store.get(COVERAGE_TARGETS_KEY);
  const lines: unknown[] = [];
  if (!object) return lines;
  for await (const line of gunzipLines(object.body)) {
    lines.push(targetLineSchema.parse(fromLine(line)));
  }
  return lines;
}

it('writes what the file says, lines that cannot be read among it, and writes it once', async () => {
  const store = storeWith(GERMAN);
  expect(await deriveTargets(store)).toMatchObject({ object: 'written' });
  expect(await linesIn(store)).toEqual([
    {
      line_number: 2,
      attribute_name: 'Language',
      attribute_value: 'German',
      minimum_level: 3.5,
      minimum_agents: 1,
      problem: null,
    },
    {
      line_number: 3,
      attribute_name: null,
      attribute_value: null,
      minimum_level: null,
      minimum_agents: null,
      problem: 'minimum_level is "x", which is no level from 1 to 5',
    },
  ]);
  expect(await deriveTargets(store)).toMatchObject({ object: 'unchanged' });
});

it('leaves nothing where there was never a file, and an empty object where it has gone', async () => {
  const store = storeWith(undefined);
  expect(await deriveTargets(store)).toEqual({ object: 'none', targets: undefined });
  expect(store.objects.size).toBe(0);
  upload(store, FRENCH);
  await deriveTargets(store);
  upload(store, undefined);
  expect(await deriveTargets(store)).toEqual({ object: 'written', targets: undefined });
  expect(await linesIn(store)).toEqual([]);
  expect(await deriveTargets(store)).toEqual({ object: 'unchanged', targets: undefined });
});

it('ends in the same bytes, whatever was there before and wherever it was killed', async () => {
  const file = fc.constantFrom(undefined, FRENCH, GERMAN, HEADER, '');
  const step = fc.record({
    file,
    at: fc.integer({ min: 1, max: 5 }),
    after: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 4 }), file, async (steps, last) => {
      const store = storeWith(undefined);
      for (const { file, at, after } of steps) {
        upload(store, file);
        await deriveTargets(killedStore(store, { at, after })).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
        });
      }
      upload(store, last);
      await deriveTargets(store);
      const afresh = storeWith(last);
      await deriveTargets(afresh);
      if (last !== undefined) expect(derivedIn(store)).toEqual(derivedIn(afresh));
      else expect(await linesIn(store)).toEqual([]);
      expect(await deriveTargets(store)).not.toMatchObject({ object: 'written' });
    }),
    { numRuns: FULL ? 500 : 50 },
  );
});

it.each([FRENCH, undefined])(
  'replaces nothing newer where the file becomes %j meanwhile, and another derives',
  async (newer) => {
    for (let at = 1, reached = true; reached; at++) {
      const store = storeWith(`${HEADER}\nLanguage,Dutch,1,1`);
      await deriveTargets(store);
      upload(store, GERMAN);
      const slow = interruptedStore(store, at, async () => {
        upload(store, newer);
        await deriveTargets(store);
      });
      await deriveTargets(slow.store);
      reached = slow.wasReached();
      if (reached) expect([at, await areTargetsCurrent(store)]).toEqual([at, true]);
    }
  },
);

it('writes over what is no such object', async () => {
  const store = storeWith(FRENCH);
  store.objects.set(COVERAGE_TARGETS_KEY, Buffer.from('by hand'));
  expect(await areTargetsCurrent(store)).toBe(false);
  await deriveTargets(store);
  expect(await areTargetsCurrent(store)).toBe(true);
});

it('reads no file that is larger than such files are', async () => {
  const store = storeWith(`${FRENCH}${'\n'.repeat(1024 * 1024)}`);
  await deriveTargets(store);
  expect(await linesIn(store)).toMatchObject([
    { line_number: null, problem: expect.stringContaining('bytes, and at most 1048576 are read') },
  ]);
});

it('tells what the store refuses as a problem, and leaves the object as it is', async () => {
  const store = storeWith(FRENCH);
  await deriveTargets(store);
  const before = derivedIn(store);
  const refusing = {
    ...store,
    get: async (key: string) => {
      if (key !== TARGETS_FILE_KEY) return store.get(key);
      throw new ExportFailure('AccessDenied', 'AWS refuses access; allow s3:GetObject.');
    },
  };
  expect(await deriveTargets(refusing)).toEqual({
    object: 'unchanged',
    targets: {
      targets: [],
      problems: [
        {
          line_number: null,
          problem: 'it cannot be used: AWS refuses access; allow s3:GetObject',
        },
      ],
    },
  });
  expect(derivedIn(store)).toEqual(before);
  expect(await areTargetsCurrent(refusing)).toBeUndefined();
});

it('throws where waiting may help', async () => {
  const failure = new ExportFailure('ServiceUnavailable', 'S3 is down.');
  const down = { ...storeWith(FRENCH), get: () => Promise.reject(failure) };
  await expect(deriveTargets(down)).rejects.toBe(failure);
});
