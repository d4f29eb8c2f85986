import { compact, number } from '../format.ts';
import type { Html } from '../html.ts';
import { colour, HEAT, heatColour } from '../palette.ts';
import { BARE_AXIS, CHART_TEXT, drawSvg, LABEL_GAP, rowAxis } from './svg.ts';

const ROW_HEIGHT = 25;
const HEADER_HEIGHT = 22;
const LABEL_WIDTH = 150;

/** Smaller than names are: 9,999 must fit into a cell. */
const FIGURE_TEXT = 11;

const LEVELS = [1, 2, 3, 4, 5] as const;

/** How many agents, at least, each step of colour stands for. */
export type HeatScale = readonly number[];

/** The largest of 1, 2, 5, 10, 20, 50 … that is not above a number. */
function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const [leading = 1] = [5, 2, 1].filter((digit) => digit * power <= value);
  return leading * power;
}

/**
 * A common scale for all heatmaps: the first step is one agent alone, the others grow by a factor, because the commonest
 * proficiency is often held by a hundred times as many agents as the usual one.
 *
 * @param most agents that any cell has; at least 1
 * @param steps that there are colours for; few agents make do with fewer
 */
export function heatScale(most: number, steps = HEAT.length): HeatScale {
  const scale = [1];
  const factor = (most / 2) ** (1 / (steps - 1));
  for (let step = 0; step < steps - 1; step++) {
    const least = roundDown(Math.max(2, 2 * factor ** step));
    if (least <= most && least > (scale.at(-1) ?? 0)) scale.push(least);
  }
  return scale;
}

/** The step that a number of agents falls into, counted from 1; 0 for nobody. */
export const heatStep = (scale: HeatScale, agents: number): number =>
  scale.findLastIndex((least) => least <= agents) + 1;

/** What a step stands for: `1`, `2–4`, `50+`. */
export function stepLabel(scale: HeatScale, index: number): string {
  const least = scale[index] ?? 0;
  const next = scale[index + 1];
  // Two agents would have a step of their own.
  if (next === undefined) return least === 1 ? '1' : `${number(least)}+`;
  return next - 1 === least ? number(least) : `${number(least)}–${number(next - 1)}`;
}

interface HeatmapRow {
  readonly label: string;
  /** Agents by level. */
  readonly agents: readonly number[];
}

export interface Heatmap {
  readonly rows: readonly HeatmapRow[];
  readonly scale: HeatScale;
  readonly description: string;
}

const pieces = [colour('faint'), ...HEAT.map((_, index) => heatColour(index + 1))].map(
  (color, value) => ({ value, color }),
);

function cellOf(scale: HeatScale, agents: number, level: number, row: number) {
  const step = heatStep(scale, agents);
  return {
    value: [level, row, step],
    label: {
      show: agents > 0,
      color: colour(HEAT[step - 1]?.figures ?? 'muted'),
      formatter: () => compact(agents),
    },
  };
}

const cells = ({ rows, scale }: Heatmap) =>
  rows.flatMap((row, index) =>
    row.agents.map((agents, level) => cellOf(scale, agents, level, index)),
  );

/** How many agents there are, by value (down) and level (across). */
export const drawHeatmap = (heatmap: Heatmap): Html =>
  drawSvg({
    height: HEADER_HEIGHT + heatmap.rows.length * ROW_HEIGHT,
    description: heatmap.description,
    option: {
      grid: { left: LABEL_WIDTH + LABEL_GAP, right: 1, top: HEADER_HEIGHT, bottom: 1 },
      xAxis: {
        type: 'category',
        position: 'top',
        data: LEVELS.map(String),
        ...BARE_AXIS,
        axisLabel: { interval: 0, margin: 7, color: colour('muted'), fontSize: CHART_TEXT },
      },
      yAxis: rowAxis(
        heatmap.rows.map(({ label }) => label),
        LABEL_WIDTH,
      ),
      visualMap: { type: 'piecewise', show: false, dimension: 2, pieces },
      series: {
        type: 'heatmap',
        silent: true,
        data: cells(heatmap),
        itemStyle: { borderColor: colour('paper'), borderWidth: 2, borderRadius: 3 },
        label: { fontSize: FIGURE_TEXT },
      },
    },
  });
