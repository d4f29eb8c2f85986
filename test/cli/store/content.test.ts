import { writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { contentOf } from '../../../cli/store/content.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';

/** Of a file that is closed. */
const NO_DESCRIPTOR = -1;

const newFolder = temporaryFolders();
let file: FileHandle;

beforeEach(async () => {
  const path = join(newFolder(), 'file');
  writeFileSync(path, 'x'.repeat(200_000));
  file = await open(path);
});

afterEach(() => file.close());

describe('a file is closed', () => {
  test('when it was read to its end', async () => {
    let bytes = 0;
    for await (const chunk of contentOf(file)) bytes += chunk.length;
    expect(bytes).toBe(200_000);
    expect(file.fd).toBe(NO_DESCRIPTOR);
  });

  test('when its reader leaves', async () => {
    for await (const _ of contentOf(file)) break;
    expect(file.fd).toBe(NO_DESCRIPTOR);
  });

  test('when nobody reads it', async () => {
    await contentOf(file)[Symbol.asyncIterator]().return?.();
    expect(file.fd).toBe(NO_DESCRIPTOR);
  });
});
