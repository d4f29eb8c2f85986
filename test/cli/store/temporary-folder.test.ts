import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { temporaryFolders } from '../../support/temporary-folder.ts';

const newFolder = temporaryFolders();

/** Writes into a temporary folder without end, sixteen files at a time. */
const WRITER = `
  import { mkdir, writeFile } from 'node:fs/promises';
  import { withTemporaryFolder } from './cli/store/temporary-folder.ts';
  await withTemporaryFolder(process.env.BELOW + '/some-', async (folder) => {
    let files = 0;
    const writeOn = async () => {
      for (;;) {
        const path = folder + '/' + files++;
        await mkdir(path);
        await writeFile(path + '/file', 'of somebody');
        if (files === 500) console.log('is under way');
      }
    };
    await Promise.all(Array.from({ length: 16 }, writeOn));
  });
`;

it('Ctrl-C leaves nothing behind where files are being written', async () => {
  const BELOW = newFolder();
  const words = ['--import', 'tsx', '--input-type=module', '--eval', WRITER];
  const child = spawn(process.execPath, words, { env: { ...process.env, BELOW } });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  expect(readdirSync(BELOW)).toHaveLength(1);
  child.kill('SIGINT');
  expect(await ended).toEqual([null, 'SIGINT']);
  expect(readdirSync(BELOW)).toEqual([]);
});
