import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { simulateCommand } from '../../../cli/simulate/command.ts';
import { startSimulator } from '../../../simulator/server.ts';
import { commandOf } from '../../support/command-process.ts';
import { type, until } from '../../support/terminal.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function run(...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, await commandOf(['simulate', ...args]), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

async function linesUntil(child: ChildProcess, last: string): Promise<string[]> {
  if (child.stdout === null) throw new Error('The process has no output.');
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.startsWith(last)) return lines;
  }
  throw new Error(`The process ended without the line ${last}.`);
}

test('tells how to use the simulator, serves, and ends cleanly on SIGINT', async () => {
  const child = await run('--users', '7', '--seed', '5', '--burst', '2', '--day', '0');
  const text = (await linesUntil(child, 'Stop it')).join('\n');
  const [, url, instanceId] =
    /AWS_ENDPOINT_URL_CONNECT=(http:\S+) AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=simulator AWS_SECRET_ACCESS_KEY=simulator npx proficiencies export --instance-id (\S+) --requests-per-second 1\.6$/m.exec(
      text,
    ) ?? [];
  expect(text).toContain(`aws connect list-users --region us-east-1 --instance-id ${instanceId}`);
  expect(text).toContain(`Instance ${instanceId} with 7 users`);
  // So many that even the quota of a slow machine does not bear all of them.
  const answers = Array.from({ length: 40 }, () => fetch(`${url}/users-summary/${instanceId}`));
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('ends cleanly on SIGTERM', async () => {
  const before = process.listenerCount('SIGTERM');
  const serving = type('simulate', '--users', '1');
  await until(() => process.listenerCount('SIGTERM') > before);
  process.emit('SIGTERM');
  expect(await serving).toMatchObject({ exitCode: 0, stderr: '' });
});

test('says so where the port is in use', async () => {
  const other = await startSimulator();
  const { port } = new URL(other.url);
  expect(await type('simulate', '--port', port).finally(other.close)).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: `Port ${port} is in use: choose another by --port, or leave it out.\n`,
  });
});

test.each([
  ['--port', '65536'],
  ['--users', '-1'],
  ['--users', 'many'],
  ['--seed', '1.5'],
  ['--requests-per-second', '0'],
  ['--requests-per-second', 'NaN'],
  ['--burst', '0'],
  ['--latency-ms', ''],
  ['--day', '366'],
])('refuses %s %s', async (option, value) => {
  const command = simulateCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await expect(command.parseAsync([option, value], { from: 'user' })).rejects.toMatchObject({
    code: 'commander.invalidArgument',
    message: expect.stringContaining(option),
  });
});
