import pLimit from 'p-limit';
import { type Body, type CopySource, PreconditionFailed, type Store } from '../../export/ports.ts';
import { failingAfter, pattern, sha256Of } from './bodies.ts';
import { testUnlessGap } from './known-gaps.ts';
import { increment, infoOf, keysOf, textOf } from './store-reading.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Two parts, where an object is written in parts. */
const LARGE = 5 * MIB + 1;

/** More keys than one answer of S3 can hold (1,000). */
const MORE_THAN_S3_ANSWERS = 1_100;

/** What an emulator beneath a store is known not to do. */
type StoreGap = 'obeys conditions of large replacements' | 'obeys conditions of copies';

interface Circumstances<S> {
  /** Removes an object as a person or a lifecycle rule would: a store itself never does. */
  readonly remove: (store: S, key: string) => void | Promise<void>;
  /** Default: none. */
  readonly gaps?: readonly StoreGap[];
  /** Makes many objects where that can be done faster than by the store itself. */
  readonly fill?: (keys: readonly string[]) => void;
  /** Of how many keys it is tried whether all are listed. Default: more than one answer of S3 can hold. */
  readonly many?: number;
}

/** What every store does, whatever it is made of. `makeStore` gives an empty one. */
export function storeContract<S extends Store>(
  name: string,
  makeStore: () => Promise<S>,
  { remove, gaps = [], fill, many = MORE_THAN_S3_ANSWERS }: Circumstances<S>,
): void {
  describe(`${name} as a store`, () => {
    const unlessGap = testUnlessGap(gaps);
    let store: S;
    beforeEach(async () => {
      store = await makeStore();
    });

    describe('objects', () => {
      test.each([
        ['text of any script', Buffer.from('Zoë, 日本語, 🎧, \u2028')],
        ['nothing', Buffer.alloc(0)],
        ['any bytes', Buffer.from([0, 255, 10, 13, 0])],
      ])('are read as they were written: %s', async (_, content) => {
        const { etag } = await store.put('runs/a/object', content);
        expect(await infoOf(store, 'runs/a/object')).toEqual({ etag, bytes: content.length });
        expect(await textOf(store, 'runs/a/object')).toBe(content.toString());
      });

      test('are absent until written', async () => {
        expect(await store.get('runs/none')).toBeUndefined();
      });

      test('are replaced, and have another etag then', async () => {
        const first = await store.put('key', Buffer.from('one'));
        const second = await store.put('key', Buffer.from('two'));
        expect(second.etag).not.toBe(first.etag);
        expect(await infoOf(store, 'key')).toMatchObject({ etag: second.etag });
        expect(await textOf(store, 'key')).toBe('two');
      });

      test('can be found by a person', () => {
        expect(store.uri('runs/a.json')).toMatch(/runs\/a\.json$/);
      });

      test('need not be read to the end', async () => {
        await store.put('key', pattern(2 * MIB).body);
        const found = await store.get('key');
        for await (const chunk of found?.body ?? []) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
        await infoOf(store, 'key');
        await store.put('key', Buffer.from('next'));
        expect(await textOf(store, 'key')).toBe('next');
      });
    });

    describe('streams', () => {
      test.each([
        ['empty', 0],
        ['small', 300 * KIB],
        ['of many megabytes', LARGE],
      ])('are written and read whole: %s', async (_, bytes) => {
        const { body, sha256 } = pattern(bytes);
        const { etag } = await store.put('snapshots/big', body);
        const found = await store.get('snapshots/big');
        expect(found).toMatchObject({ etag, bytes });
        expect(await sha256Of(found?.body ?? [])).toBe(sha256);
      });

      test.each([
        ['early', 10 * KIB],
        ['late', LARGE],
      ])('that fail leave the old object: %s', async (_, bytes) => {
        const { etag } = await store.put('key', Buffer.from('old'));
        await expect(store.put('key', failingAfter(bytes))).rejects.toThrow('source broke');
        await expect(store.put('new', failingAfter(bytes))).rejects.toThrow('source broke');
        expect(await infoOf(store, 'key')).toMatchObject({ etag });
        expect(await keysOf(store, '')).toEqual(['key']);
      });

      test('obey conditions', async () => {
        const { body, sha256 } = pattern(LARGE);
        const { etag } = await store.put('key', body, { ifNoneMatch: '*' });
        await expect(store.put('key', body, { ifNoneMatch: '*' })).rejects.toThrow(
          PreconditionFailed,
        );
        await store.put('key', Buffer.from('small'), { ifMatch: etag });
        await store.put('key', body);
        expect(await sha256Of((await store.get('key'))?.body ?? [])).toBe(sha256);
      });

      unlessGap(
        'obeys conditions of large replacements',
        'do not replace an object that has another etag, or is gone',
        async () => {
          const { etag } = await store.put('key', Buffer.from('first'));
          await store.put('key', Buffer.from('second'));
          const replace = (): Promise<unknown> =>
            store.put('key', pattern(LARGE).body, { ifMatch: etag });
          await expect(replace()).rejects.toThrow(PreconditionFailed);
          expect(await textOf(store, 'key')).toBe('second');
          await remove(store, 'key');
          await expect(replace()).rejects.toThrow(PreconditionFailed);
          expect(await store.get('key')).toBeUndefined();
        },
      );
    });

    describe('conditions', () => {
      test('a creation happens once', async () => {
        const { etag } = await store.put('key', Buffer.from('first'), { ifNoneMatch: '*' });
        await expect(
          store.put('key', Buffer.from('second'), { ifNoneMatch: '*' }),
        ).rejects.toMatchObject({
          name: 'PreconditionFailed',
          message: expect.stringContaining('key'),
        });
        expect(await infoOf(store, 'key')).toMatchObject({ etag });
      });

      test('a key is free again after its removal', async () => {
        await store.put('key', Buffer.from('first'), { ifNoneMatch: '*' });
        await remove(store, 'key');
        await store.put('key', Buffer.from('second'), { ifNoneMatch: '*' });
        expect(await textOf(store, 'key')).toBe('second');
      });

      test('a replacement needs the etag of what is there', async () => {
        const first = await store.put('key', Buffer.from('1'));
        const second = await store.put('key', Buffer.from('2'), { ifMatch: first.etag });
        await expect(store.put('key', Buffer.from('3'), { ifMatch: first.etag })).rejects.toThrow(
          PreconditionFailed,
        );
        await store.put('key', Buffer.from('4'), { ifMatch: second.etag });
        expect(await textOf(store, 'key')).toBe('4');
      });

      test('a replacement needs an object', async () => {
        const { etag } = await store.put('key', Buffer.from('1'));
        await remove(store, 'key');
        await expect(store.put('key', Buffer.from('2'), { ifMatch: etag })).rejects.toThrow(
          PreconditionFailed,
        );
        expect(await store.get('key')).toBeUndefined();
      });

      test('of many creators at once, one succeeds', async () => {
        const outcomes = await race(12, (writer) =>
          store.put('key', Buffer.from(`writer ${writer}`), { ifNoneMatch: '*' }),
        );
        expect(outcomes.winners).toHaveLength(1);
        expect(outcomes.errors).toEqual(Array(11).fill('PreconditionFailed'));
        expect(await textOf(store, 'key')).toBe(`writer ${outcomes.winners[0]}`);
      });

      test('of many replacers at once, one succeeds', async () => {
        const { etag } = await store.put('key', Buffer.from('old'));
        const outcomes = await race(12, (writer) =>
          store.put('key', Buffer.from(`writer ${writer}`), { ifMatch: etag }),
        );
        expect(outcomes.winners).toHaveLength(1);
        expect(outcomes.errors).toEqual(Array(11).fill('PreconditionFailed'));
        expect(await textOf(store, 'key')).toBe(`writer ${outcomes.winners[0]}`);
      });

      test('a counter that several increment loses no increment', async () => {
        await store.put('counter', Buffer.from('0'));
        await Promise.all(Array.from({ length: 4 }, () => increment(store, 'counter', 5)));
        expect(await textOf(store, 'counter')).toBe('20');
      });
    });

    describe('copies', () => {
      const create = { ifNoneMatch: '*' } as const;
      /** Writes an object, and tells of it what a copy of it needs. */
      const source = async (content: Body, key = 'source'): Promise<CopySource> => {
        await store.put(key, content);
        return { key, ...(await infoOf(store, key)) };
      };

      test.each([
        ['empty', 0],
        ['small', 300 * KIB],
        ['of many megabytes', LARGE],
      ])('are whole, and read as they were made: %s', async (_, bytes) => {
        const { body, sha256 } = pattern(bytes);
        const { etag } = await store.copy(await source(body), 'latest/copy', create);
        expect(await infoOf(store, 'latest/copy')).toEqual({ etag, bytes });
        expect(await sha256Of((await store.get('latest/copy'))?.body ?? [])).toBe(sha256);
      });

      test('are objects of their own', async () => {
        await store.copy(await source(Buffer.from('one')), 'copy', create);
        await store.put('source', Buffer.from('two'));
        expect(await textOf(store, 'copy')).toBe('one');
        await store.put('copy', Buffer.from('three'));
        expect(await textOf(store, 'source')).toBe('two');
      });

      test.each(['a=1/b=2/c.gz', 'a & b+c', '100%25 #1?', 'é/日本/🎧'])(
        'are made from and to any key: %s',
        async (name) => {
          await store.copy(await source(Buffer.from(name), `from/${name}`), `to/${name}`, create);
          expect(await textOf(store, `to/${name}`)).toBe(name);
        },
      );

      test('replace the object that has the etag', async () => {
        const { etag } = await store.put('copy', Buffer.from('old'));
        await store.copy(await source(Buffer.from('new')), 'copy', { ifMatch: etag });
        expect(await textOf(store, 'copy')).toBe('new');
      });

      test('are not made of what is gone', async () => {
        const gone = await source(Buffer.from('text'));
        await remove(store, 'source');
        await expect(store.copy(gone, 'copy', create)).rejects.toThrow(PreconditionFailed);
        expect(await keysOf(store, '')).toEqual([]);
      });

      unlessGap('obeys conditions of copies', 'are not made of another object', async () => {
        const replaced = await source(Buffer.from('first'));
        await store.put('source', Buffer.from('second'));
        await expect(store.copy(replaced, 'copy', create)).rejects.toThrow(PreconditionFailed);
        expect(await keysOf(store, '')).toEqual(['source']);
      });

      unlessGap('obeys conditions of copies', 'are not made over what is there', async () => {
        const text = await source(Buffer.from('new'));
        await store.put('copy', Buffer.from('old'));
        await expect(store.copy(text, 'copy', create)).rejects.toMatchObject({
          name: 'PreconditionFailed',
          message: expect.stringContaining('copy'),
        });
        expect(await textOf(store, 'copy')).toBe('old');
      });

      unlessGap(
        'obeys conditions of copies',
        'do not replace an object that has another etag, or is gone',
        async () => {
          const text = await source(Buffer.from('new'));
          const { etag } = await store.put('copy', Buffer.from('older'));
          await store.put('copy', Buffer.from('old'));
          const replace = (): Promise<unknown> => store.copy(text, 'copy', { ifMatch: etag });
          await expect(replace()).rejects.toThrow(PreconditionFailed);
          expect(await textOf(store, 'copy')).toBe('old');
          await remove(store, 'copy');
          await expect(replace()).rejects.toThrow(PreconditionFailed);
          expect(await store.get('copy')).toBeUndefined();
        },
      );

      unlessGap('obeys conditions of copies', 'of many at once, one is made', async () => {
        const sources = await Promise.all(
          Array.from({ length: 8 }, (_, n) => source(Buffer.from(`source ${n}`), `from/${n}`)),
        );
        const { etag } = await store.put('copy', Buffer.from('old'));
        const outcomes = await race(sources.length, async (n) => {
          const text = sources[n];
          if (text) await store.copy(text, 'copy', { ifMatch: etag });
        });
        expect(outcomes.errors).toEqual(Array(7).fill('PreconditionFailed'));
        expect(await textOf(store, 'copy')).toBe(`source ${outcomes.winners[0]}`);
      });
    });

    describe('listing', () => {
      test('gives the keys that begin with the prefix', async () => {
        const keys = ['runs/a/1', 'runs/a/2', 'runs/ab/1', 'runs/b', 'snapshots/x=1/y=2/z.gz'];
        await Promise.all(keys.map((key) => store.put(key, Buffer.from(key))));
        expect(await keysOf(store, '')).toEqual(keys);
        expect(await keysOf(store, 'runs/a')).toEqual(['runs/a/1', 'runs/a/2', 'runs/ab/1']);
        expect(await keysOf(store, 'runs/a/')).toEqual(['runs/a/1', 'runs/a/2']);
        expect(await keysOf(store, 'runs/b')).toEqual(['runs/b']);
        expect(await keysOf(store, 'none/')).toEqual([]);
      });

      test('gives more keys than fit in one answer', async () => {
        const keys = Array.from({ length: many }, (_, i) => `parts/${String(i).padStart(5, '0')}`);
        if (fill) fill(keys);
        else await pLimit(100).map(keys, (key) => store.put(key, Buffer.alloc(0)));
        expect(await keysOf(store, 'parts/')).toEqual(keys);
      });
    });
  });
}

async function race(
  writers: number,
  write: (writer: number) => Promise<unknown>,
): Promise<{ winners: number[]; errors: string[] }> {
  const winners: number[] = [];
  const errors: string[] = [];
  const attempt = async (writer: number): Promise<void> => {
    try {
      await write(writer);
      winners.push(writer);
    } catch (error) {
      errors.push(error instanceof Error ? error.name : String(error));
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => attempt(writer)));
  return { winners, errors };
}
