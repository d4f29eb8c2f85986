import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { workerBundle } from '../../support/worker-bundle.ts';

/** Ten per cent above what it takes now; a megabyte would cost a tenth of a second at every cold start. */
const LIMIT_BYTES = 900_000;

describe('the bundle of the worker', () => {
  let file: string;
  beforeAll(async () => {
    file = await workerBundle();
  });

  it('stays small', () => {
    expect(statSync(file).size).toBeLessThan(LIMIT_BYTES);
  });

  it('loads without any package beside it, and has a handler', () => {
    const script = `import(${JSON.stringify(pathToFileURL(file).href)}).then((m) => console.log(typeof m.handler))`;
    const printed = execFileSync(process.execPath, ['-e', script], { cwd: '/', encoding: 'utf8' });
    expect(printed).toBe('function\n');
  });

  it('holds the version and nothing else of package.json, so that a new tool does not deploy it again', () => {
    const { version, description } = JSON.parse(readFileSync('package.json', 'utf8'));
    const bundle = readFileSync(file, 'utf8');
    expect(bundle).toContain(`"${version}"`);
    expect(bundle).not.toContain(description);
  });

  it('has a source map beside it, for lines in stack traces', () => {
    expect(statSync(`${file}.map`).isFile()).toBe(true);
  });
});
