import { compact } from '../format.ts';
import type { Html } from '../html.ts';
import { type Colour, colour } from '../palette.ts';
import { type HeatScale, heatStep } from './heat.ts';
import { BARE_AXIS, CHART_TEXT, drawSvg, LABEL_GAP, rowAxis } from './svg.ts';

const ROW_HEIGHT = 25;
const HEADER_HEIGHT = 22;
const LABEL_WIDTH = 150;

/** Smaller than names are: 9,999 must fit into a cell. */
const FIGURE_TEXT = 11;

const LEVELS = [1, 2, 3, 4, 5] as const;

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

const HEAT: readonly Colour[] = ['faint', 'heat-1', 'heat-2', 'heat-3', 'heat-4', 'heat-5'];

const pieces = HEAT.map((name, step) => ({ value: step, color: colour(name) }));

const figureColour = (step: number): Colour => {
  if (step === 0) return 'muted';
  return step <= 3 ? 'on-weak-heat' : 'on-strong-heat';
};

function cellOf(scale: HeatScale, agents: number, level: number, row: number) {
  const step = heatStep(scale, agents);
  return {
    value: [level, row, step],
    label: {
      show: agents > 0,
      color: colour(figureColour(step)),
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
