import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { sampled } from '../../support/breadth.ts';
import { deriverBundle, workerBundle } from '../../support/worker-bundle.ts';

/** Ten per cent above what each takes now; a megabyte would cost a tenth of a second at every cold start. */
const LIMITS = [
  ['worker', workerBundle, 900_000],
  ['deriver', deriverBundle, 670_000],
] as const;

describe.each(LIMITS)('the bundle of the %s', (_, bundle, limitBytes) => {
  let file: string;
  beforeAll(async () => {
    file = await bundle();
  });

  it('stays small', () => {
    expect(statSync(file).size).toBeLessThan(limitBytes);
  });

  it('has a source map beside it, for lines in stack traces', () => {
    expect(statSync(`${file}.map`).isFile()).toBe(true);
  });
});

// The worker's is loaded, and killed, by test/lambda/worker/killed.test.ts.
it.each(sampled(LIMITS, ([name]) => name === 'deriver'))(
  'the bundle of the %s loads without any package beside it, and has a handler',
  async (_, bundle) => {
    const { href } = pathToFileURL(await bundle());
    const script = `import(${JSON.stringify(href)}).then((m) => console.log(typeof m.handler))`;
    const printed = execFileSync(process.execPath, ['-e', script], { cwd: '/', encoding: 'utf8' });
    expect(printed).toBe('function\n');
  },
);

it('holds the version and nothing else of package.json, so that a new tool does not deploy it again', async () => {
  const { version, description } = JSON.parse(readFileSync('package.json', 'utf8'));
  const worker = readFileSync(await workerBundle(), 'utf8');
  const deriver = readFileSync(await deriverBundle(), 'utf8');
  expect(worker).toContain(`"${version}"`);
  expect(worker + deriver).not.toContain(description);
});

it('only the worker has clients of Amazon Connect and Service Quotas', async () => {
  const worker = readFileSync(await workerBundle(), 'utf8');
  const deriver = readFileSync(await deriverBundle(), 'utf8');
  for (const name of ['ListUserProficienciesCommand', 'GetServiceQuotaCommand']) {
    expect(worker).toContain(name);
    expect(deriver).not.toContain(name);
  }
  expect(deriver).toContain('CopyObjectCommand');
});
