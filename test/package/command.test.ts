import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { folderStore } from '../../cli/store/folder-store.ts';
import { deriveInstance } from '../../derive/instance.ts';
import { INSTANCE, publish } from '../derive/history.ts';
import { type Ended, shell } from '../docs/sandbox.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { here, install, installed, personAt } from './consumer.ts';
import { tarball } from './tarball.ts';

const newFolder = temporaryFolders();
let folder: string;

/** Runs a line as its reader would, in the folder into which the package is installed. */
const run = (line: string): Promise<Ended> => shell(line, folder, personAt(folder));

/** So many dates that several processes verify them: a process takes 32. */
const DATES = Array.from({ length: 65 }, (_, day) =>
  new Date(Date.UTC(2026, 7, 1 + day)).toISOString().slice(0, 10),
);

beforeAll(async () => {
  folder = newFolder();
  install(folder, await tarball());
});

it('brings one package besides itself', () => {
  expect(installed(folder)).toEqual(['connect-proficiency-exporter', 'zod']);
});

it('tells its own name, under which npx finds it', async () => {
  const help = await run('npx connect-proficiency-exporter --help');
  expect(help).toMatchObject({ exitCode: 0, stderr: '' });
  expect(help.stdout).toContain('Usage: connect-proficiency-exporter ');
  expect(help.stdout).not.toMatch(/(?<!connect-)proficiencies\b.*\[command\]/);
});

it('exports from its own simulator, verifies, asks for DuckDB, and answers with it', async () => {
  const words = ['--users', '20', '--requests-per-second', '125', '--burst', '125'];
  const simulator = spawn('npx', ['connect-proficiency-exporter', 'simulate', ...words], {
    cwd: folder,
    env: personAt(folder),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    let command = '';
    for await (const line of createInterface(simulator.stdout)) {
      if (!line.includes(' export --instance-id ')) continue;
      command = line.trim();
      break;
    }
    expect(command).toContain(' npx connect-proficiency-exporter export ');
    const exported = await run(command);
    expect(exported).toMatchObject({ exitCode: 0 });
    expect(exported.stdout).toContain('Published 20 users');
  } finally {
    process.kill(-(simulator.pid ?? 0), 'SIGTERM');
    await once(simulator, 'close');
  }
  expect(await run('npx connect-proficiency-exporter verify')).toMatchObject({
    exitCode: 0,
    stderr: '',
  });

  const query =
    'npx connect-proficiency-exporter query "SELECT count(*) AS users FROM user_proficiencies" --format csv';
  expect(await run(query)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr:
      'query and report need DuckDB, which is not installed: install it beside connect-proficiency-exporter with npm install @duckdb/node-api.\n',
  });
  install(folder, await tarball(), here('@duckdb/node-api'));
  expect(await run(query)).toEqual({ exitCode: 0, stdout: 'users\r\n20\r\n', stderr: '' });
  expect(await run('npx connect-proficiency-exporter report')).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
});

it('verifies many dates in several processes', async () => {
  const history = newFolder();
  const store = folderStore(history);
  for (const [run, date] of DATES.entries()) {
    await publish(store, {
      date,
      run,
      users: [{ id: `u${run}`, username: 'name', proficiencies: [] }],
    });
  }
  await deriveInstance(store, INSTANCE, { snapshots: 'all' });
  const { exitCode, stdout, stderr } = await run(
    `npx connect-proficiency-exporter verify ${history}`,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.match(/^ok .*\.ndjson\.gz/gm)).toHaveLength(DATES.length);
});
