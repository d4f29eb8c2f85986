import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { startChromium } from '../support/chromium.ts';

/**
 * `npm run picture`: the pictures of the report in the README, by day and by night, taken of what `npm start` writes. Another
 * folder than docs/ may be named.
 */

const DEMO = fileURLToPath(new URL('../../cli/demo.ts', import.meta.url));
const TSX = fileURLToPath(import.meta.resolve('tsx'));

const SCHEMES = ['light', 'dark'] as const;
const WINDOW = { width: 1280, height: 1000 } as const;

const screenshot = z.object({ data: z.base64() });

/** Runs the demonstration in a folder of its own. */
function demonstrate(folder: string): string {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', pathToFileURL(TSX).href, DEMO],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`The demonstration ended with ${status}. ${stderr}`);
  return join(folder, 'out', 'report.html');
}

const [to = 'docs'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'picture-'));
try {
  const url = pathToFileURL(demonstrate(folder)).href;
  const chromium = await startChromium(join(folder, 'profile'));
  mkdirSync(to, { recursive: true });
  for (const scheme of SCHEMES) {
    const page = await chromium.open(url, { ...WINDOW, scheme });
    const { data } = screenshot.parse(await page.send('Page.captureScreenshot', { format: 'png' }));
    const file = resolve(to, `report-${scheme}.png`);
    writeFileSync(file, Buffer.from(data, 'base64'));
    console.log(`Written to ${file}`);
  }
  await chromium.close();
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
