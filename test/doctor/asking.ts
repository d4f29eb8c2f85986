import * as z from 'zod';
import { ACCOUNT } from '../support/deployed-answers.ts';
import { type } from '../support/terminal.ts';
import type { OperatorsWorld } from './operators-world.ts';

const lineSchema = z.object({
  check: z.string(),
  mark: z.enum(['ok', 'warning', 'failed', 'not asked']),
  says: z.string(),
  remedy: z.string().optional(),
});

/** A line of the checklist, as JSON has it. */
export type Line = z.output<typeof lineSchema>;

/** All that may never be printed: a secret, people, and in JSON accounts. */
function expectDiscreet({ simulator }: OperatorsWorld, printed: string): void {
  const people = [...simulator.dataset().truth()].flatMap(({ userId, username }) => [
    userId,
    username,
  ]);
  const secrets = ['SECRET', 'jane', '@', ACCOUNT, ...people];
  expect(secrets.filter((secret) => printed.includes(secret))).toEqual([]);
}

/** What doctor finds. Whatever it is, nothing is thrown, and the exit code tells of failures. */
export async function doctor(
  world: OperatorsWorld,
  ...words: readonly string[]
): Promise<readonly Line[]> {
  const { exitCode, stdout, stderr } = await type('doctor', '--format', 'json', ...words);
  expectDiscreet(world, stdout + stderr);
  const { findings } = z.object({ findings: z.array(lineSchema) }).parse(JSON.parse(stdout));
  expect(exitCode).toBe(findings.some(({ mark }) => mark === 'failed') ? 1 : 0);
  expect(stderr).toMatch(
    exitCode === 0 ? /^$/ : /^\d+ of the findings above (is a failure|are failures) \(✗\)/,
  );
  for (const { mark, remedy } of findings) {
    expect(remedy !== undefined).toBe(mark === 'warning' || mark === 'failed');
  }
  return findings;
}
