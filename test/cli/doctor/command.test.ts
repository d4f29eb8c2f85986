import { asJson, asText } from '../../../cli/doctor/print.ts';
import { type Check, keptBack, ok } from '../../../doctor/check.ts';
import { checkRun, type Line } from '../../../doctor/run-checks.ts';
import { type } from '../../support/terminal.ts';

const check = (id: string, run: Check<true, string>['run']): Check<true, string> => ({
  id,
  about: 'The thing',
  calls: [],
  seconds: 7,
  run,
});

const nothing = Promise.resolve<true>(true);

describe('a run of checks', () => {
  it('gives the lines in the order in which the checks were begun, whichever ends first', async () => {
    const run = checkRun();
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    void run.start(
      check('slow', async () => {
        await released;
        return { findings: [ok('slow')] };
      }),
      nothing,
    );
    await run.start(
      check('fast', async () => {
        release();
        return { findings: [ok('fast')] };
      }),
      nothing,
    );
    expect((await run.lines()).map(({ check }) => check)).toEqual(['slow', 'fast']);
  });

  it('ends a check that takes too long, heed it its signal or not, and lets the others be', async () => {
    const limit = new AbortController();
    const run = checkRun((seconds) => {
      expect(seconds).toBe(7);
      return limit.signal;
    });
    void run.start(
      check('stuck', () => new Promise(() => undefined)),
      nothing,
    );
    await run.start(
      check('other', async () => ({ findings: [ok('well')] })),
      nothing,
    );
    limit.abort();
    expect(await run.lines()).toEqual([
      {
        check: 'stuck',
        mark: 'failed',
        says: 'The thing: no answer within 7 seconds',
        remedy: 'look at the network, then run doctor again',
      },
      { check: 'other', mark: 'ok', says: 'well' },
    ]);
  });

  it('does not ask where what is needed is not known, and survives whatever is thrown', async () => {
    const run = checkRun();
    const wrong = run.start(
      check('wrong', () => {
        throw new TypeError('x is not a function');
      }),
      nothing,
    );
    const needs: Check<string> = {
      id: 'needs',
      about: 'It',
      calls: [],
      run: async () => ({ findings: [ok('asked')] }),
    };
    await run.start(needs, wrong);
    expect((await run.lines()).map(({ check, mark }) => [check, mark])).toEqual([
      ['wrong', 'failed'],
      ['needs', 'not asked'],
    ]);
  });
});

describe('what is printed', () => {
  const lines: readonly Line[] = [
    { check: 'a', mark: 'ok', says: 'Account 123456789012, run 20261123T020000Z-1a2b3c4d' },
    { check: 'b', mark: 'failed', says: 'no', remedy: 'ask arn:aws:iam::123456789012:role/x' },
    { check: 'c', ...keptBack('The runs') },
    { check: 'd', ...keptBack('Athena') },
  ];

  it('has a line for each finding, the remedy below it, one line for all that was kept back, and the counts', () => {
    expect(asText(lines)).toBe(
      [
        '✓ Account 123456789012, run 20261123T020000Z-1a2b3c4d',
        '✗ no',
        '    ask arn:aws:iam::123456789012:role/x',
        '– Not asked, because of a finding above: the runs; Athena',
        '',
        '4 findings: 1 ✓, 0 !, 1 ✗, 2 –',
        '',
      ].join('\n'),
    );
  });

  it('has account ids in JSON only where they are asked for', () => {
    expect(asJson(lines, true)).toContain('123456789012');
    expect(asJson(lines, false)).not.toContain('123456789012');
    expect(asJson(lines, false)).toContain('20261123T020000Z-1a2b3c4d');
  });
});

it.each([
  ['doctor', '--stack', 'no such name!'],
  ['doctor', '--bucket', 's3://bucket'],
  ['doctor', '--qualifier', 'far-too-long'],
  ['doctor', '--format', 'csv'],
  ['doctor', '--probe', '--verify'],
  ['doctor', '--verify', '--bucket', 'snapshots'],
  [
    ...['doctor', '--region', 'eu-west-1', '--instance-id'],
    'arn:aws:connect:us-east-1:123456789012:instance/11111111-2222-4333-8444-555555555555',
  ],
  ['status', '--stack', ''],
])('%s %s %s is wrong usage', async (...words) => {
  const { exitCode, stderr } = await type(...words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/^error: /) });
});
