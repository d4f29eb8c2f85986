import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { workerBundle } from '../support/worker-bundle.ts';

/** Ten per cent above what it takes now; a megabyte would cost a tenth of a second at every cold start. */
const LIMIT_BYTES = 900_000;

describe('the bundle of the worker', () => {
  it('stays small', () => {
    expect(statSync(workerBundle()).size).toBeLessThan(LIMIT_BYTES);
  });

  it('loads without any package beside it, and has a handler', () => {
    const script = `import(${JSON.stringify(pathToFileURL(workerBundle()).href)}).then((m) => console.log(typeof m.handler))`;
    const printed = execFileSync(process.execPath, ['-e', script], { cwd: '/', encoding: 'utf8' });
    expect(printed).toBe('function\n');
  });

  it('has a source map beside it, for lines in stack traces', () => {
    expect(statSync(`${workerBundle()}.map`).isFile()).toBe(true);
  });
});
