import { join } from 'node:path';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { documentAt } from './markdown.ts';
import { cloneInto, shell } from './sandbox.ts';

const newFolder = temporaryFolders();

/** Without what is different each time: port, run, date. */
const timeless = (text: string): string =>
  text
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{8}/g, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\d/g, 'DATE');

it('npm start prints what the README shows', async () => {
  const clone = cloneInto(newFolder());
  const { exitCode, stdout, stderr } = await shell('npm start', clone, {
    PATH: process.env.PATH,
    HOME: join(clone, '..'),
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.not.stringMatching(/error/i),
  });

  const [shown] = documentAt('README.md').fences.filter(({ language }) => language === 'text');
  const lines = shown?.text.split('\n').filter((line) => line !== '' && line !== '…') ?? [];
  expect(lines.length).toBeGreaterThan(8);
  const printed = timeless(stdout + stderr).split('\n');
  expect(lines.map(timeless).filter((line) => !printed.includes(line))).toEqual([]);
});
