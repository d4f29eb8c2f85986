import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';

const WORKFLOWS = '.github/workflows';
const workflow = readFileSync(`${WORKFLOWS}/ci.yml`, 'utf8');

const allIn = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

const all = (pattern: RegExp): string[] => allIn(workflow, pattern);

it.each(readdirSync(WORKFLOWS))('%s may only read', (file) => {
  const text = readFileSync(`${WORKFLOWS}/${file}`, 'utf8');
  expect(allIn(text, /permissions:\n((?: .*\n)+)/g)).toEqual(['  contents: read\n']);
});

it('pins every action by a commit, and names its version', () => {
  const uses = readdirSync(WORKFLOWS).flatMap((file) =>
    allIn(readFileSync(`${WORKFLOWS}/${file}`, 'utf8'), /uses: (.*)/g),
  );
  expect(uses.length).toBeGreaterThan(3);
  for (const action of uses)
    expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

it('runs on the oldest Node.js that is supported and on that of Lambda', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [oldest, newest] = /node: \[["'](.*)["'], ["'](.*)["']\]/.exec(workflow)?.slice(1) ?? [];
  expect(engines.node).toBe(`>=${oldest}`);
  expect(readFileSync('.nvmrc', 'utf8').trim()).toBe(newest);
});

describe('what CI runs', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));

  const commands = all(/- run: (npm .*)/g);

  it('is the same on GitHub and elsewhere', () => {
    const elsewhere = allIn(
      readFileSync('.ci/run', 'utf8'),
      /^step '.*' (?:on_node_24 )?(npm .*)$/gm,
    );
    expect(new Set(elsewhere)).toEqual(new Set(commands));
  });

  it('is all that npm run check does, and more', () => {
    expect(commands).toEqual(expect.arrayContaining(scripts.check?.split(' && ') ?? ['no check']));
    expect(commands).toEqual(expect.arrayContaining(['npm ci', 'npm start']));
  });

  it('are scripts of package.json', () => {
    const named = [...commands, ...Object.values(scripts)].flatMap((line) =>
      allIn(line, /npm run (\S+)/g),
    );
    expect(named).toContain('test:emulator');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});
