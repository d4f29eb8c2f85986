import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

it('answers one statement at a shell', async () => {
  const { stdout } = await promisify(execFile)('npx', [
    'tsx',
    'test/trino/ask.ts',
    'SELECT count(*) AS runs FROM export_runs',
  ]);
  expect(stdout).toMatch(
    /^runs bigint\n\[8\]\nRead \d{4} bytes of 8 objects in 8 requests; listed 40 times\.\n$/,
  );
});
