import { z } from 'zod';

const pictureSchema = z.strictObject({
  title: z.string(),
  columns: z.int().positive(),
  rows: z.int().positive(),
  boxes: z.array(
    z.strictObject({
      id: z.string(),
      /** Column and row, counted from 0. */
      at: z.tuple([z.int(), z.int()]),
      title: z.string(),
      lines: z.array(z.string()),
    }),
  ),
  arrows: z.array(z.strictObject({ from: z.string(), to: z.string(), label: z.string() })),
});

type Picture = z.infer<typeof pictureSchema>;
type Box = Picture['boxes'][number];
type Arrow = Picture['arrows'][number];

interface Point {
  readonly x: number;
  readonly y: number;
}

const MARGIN = 24;
const BOX = { width: 204, height: 84 };
const GAP = { x: 76, y: 76 };

/** Its own background and both schemes: it reads well wherever it is shown. No fonts from elsewhere. */
const STYLE = `
    svg { --back: #ffffff; --box: #f3f5f8; --edge: #8a94a3; --text: #1b2330; --soft: #4a5566; --arrow: #b8480a }
    @media (prefers-color-scheme: dark) {
      svg { --back: #14181f; --box: #212834; --edge: #66728a; --text: #eef1f6; --soft: #b4bdcc; --arrow: #ff9a56 }
    }
    .back { fill: var(--back) }
    .box { fill: var(--box); stroke: var(--edge) }
    .arrow { stroke: var(--arrow); stroke-width: 1.75; fill: none }
    .tip { fill: var(--arrow) }
    text { font: 12.5px system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; text-anchor: middle; fill: var(--soft) }
    .title { font-size: 15px; font-weight: 600; fill: var(--text) }
    .label { font-size: 12px; fill: var(--arrow) }
    .label { paint-order: stroke; stroke: var(--back); stroke-width: 4px }`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const cornerOf = ({ at: [column, row] }: Box): Point => ({
  x: MARGIN + column * (BOX.width + GAP.x),
  y: MARGIN + row * (BOX.height + GAP.y),
});

const centreOf = (box: Box): Point => {
  const { x, y } = cornerOf(box);
  return { x: x + BOX.width / 2, y: y + BOX.height / 2 };
};

const text = ({ x, y }: Point, words: string, kind = ''): string =>
  `  <text${kind && ` class="${kind}"`} x="${x}" y="${y}">${escaped(words)}</text>`;

function drawBox(box: Box): string {
  const { x, y } = cornerOf(box);
  const middle = x + BOX.width / 2;
  return [
    `  <rect class="box" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8"/>`,
    text({ x: middle, y: y + 28 }, box.title, 'title'),
    ...box.lines.map((line, index) => text({ x: middle, y: y + 50 + 18 * index }, line)),
  ].join('\n');
}

/** Where a line from a box's centre towards another box leaves it; at a corner where it goes askew. */
function edgeOf(box: Box, towards: Box): Point {
  const { x, y } = centreOf(box);
  const columns = Math.sign(towards.at[0] - box.at[0]);
  const rows = Math.sign(towards.at[1] - box.at[1]);
  // Askew, it leaves short of the corner, beside the arrow that leaves at the middle of the side.
  const share = columns !== 0 && rows !== 0 ? 0.8 : 1;
  return { x: x + (columns * BOX.width * share) / 2, y: y + (rows * BOX.height) / 2 };
}

function named(id: string, boxes: ReadonlyMap<string, Box>): Box {
  const box = boxes.get(id);
  if (!box) throw new Error(`An arrow names the box "${id}", but no box has this id.`);
  return box;
}

function drawArrow({ from, to, label }: Arrow, boxes: ReadonlyMap<string, Box>): string {
  const source = named(from, boxes);
  const target = named(to, boxes);
  const start = edgeOf(source, target);
  const end = edgeOf(target, source);
  const upright = start.x === end.x;
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 + (upright ? 4 : -7) };
  return [
    `  <path class="arrow" marker-end="url(#tip)" d="M${start.x} ${start.y} L${end.x} ${end.y}"/>`,
    text(middle, label, 'label'),
  ].join('\n');
}

/**
 * Draws the picture of the architecture.
 *
 * @param source the text of architecture.json
 * @returns an SVG document
 */
export function drawArchitecture(source: string): string {
  const picture = pictureSchema.parse(JSON.parse(source));
  const boxes = new Map(picture.boxes.map((box) => [box.id, box]));
  const width = 2 * MARGIN + picture.columns * (BOX.width + GAP.x) - GAP.x;
  const height = 2 * MARGIN + picture.rows * (BOX.height + GAP.y) - GAP.y;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${escaped(picture.title)}</title>
  <style>${STYLE}
  </style>
  <defs>
    <marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
      <path class="tip" d="M0 0 L10 5 L0 10 z"/>
    </marker>
  </defs>
  <rect class="back" width="${width}" height="${height}" rx="12"/>
${picture.boxes.map(drawBox).join('\n')}
${picture.arrows.map((arrow) => drawArrow(arrow, boxes)).join('\n')}
</svg>
`;
}
