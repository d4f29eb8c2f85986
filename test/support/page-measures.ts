import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BrowserPage } from './chromium.ts';

const SCRIPT = readFileSync(fileURLToPath(new URL('page-measures.js', import.meta.url)), 'utf8');

const texts = z.array(z.string());

const measuresSchema = z.object({
  /** What can be scrolled to, in pixels; the window's width where nothing sticks out. */
  pageWidth: z.number(),
  /** Boxes of text that were compared. */
  texts: z.number(),
  /** Height of the smallest font in a chart, in pixels of the screen; null where there is no chart. */
  smallestText: z.number().nullable(),
  /** Pairs of texts that lie upon each other, the first 20. */
  overlaps: z.array(texts),
  /** Labels that their chart cuts off. */
  cutOff: texts,
  /** Texts that the page's edge cuts off. */
  beyondThePage: texts,
  elements: z.object({
    /** Those that run; data do not. */
    script: z.number(),
    img: z.number(),
    /** Charts without a role and a name. */
    nameless: z.number(),
  }),
  tables: z.array(z.object({ caption: z.string(), lines: z.array(texts) })),
});

export type PageMeasures = z.infer<typeof measuresSchema>;

/** Unfolds all that is folded, and measures what the browser made of the page. */
export const measure = async (page: BrowserPage): Promise<PageMeasures> =>
  measuresSchema.parse(await page.evaluate(SCRIPT));
