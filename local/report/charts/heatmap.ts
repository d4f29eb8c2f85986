import { compact, oneLine } from '../format.ts';
import type { Html } from '../html.ts';
import { type Colour, colour } from '../palette.ts';
import { type HeatScale, heatStep } from './heat.ts';
import { BARE_AXIS, CHART_TEXT, drawSvg } from './svg.ts';

const ROW_HEIGHT = 25;
const HEADER_HEIGHT = 22;
const LABEL_WIDTH = 150;
const GAP = 10;

export const LEVELS = [1, 2, 3, 4, 5] as const;

export interface HeatmapRow {
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

const axisLabel = { interval: 0, fontSize: CHART_TEXT };

/** How many agents there are, by value (down) and level (across). */
export const drawHeatmap = (heatmap: Heatmap): Html =>
  drawSvg({
    height: HEADER_HEIGHT + heatmap.rows.length * ROW_HEIGHT,
    description: heatmap.description,
    option: {
      grid: { left: LABEL_WIDTH + GAP, right: 1, top: HEADER_HEIGHT, bottom: 1 },
      xAxis: {
        type: 'category',
        position: 'top',
        data: LEVELS.map(String),
        ...BARE_AXIS,
        axisLabel: { ...axisLabel, margin: 7, color: colour('muted') },
      },
      yAxis: {
        type: 'category',
        inverse: true,
        data: heatmap.rows.map((row) => oneLine(row.label)),
        ...BARE_AXIS,
        axisLabel: {
          ...axisLabel,
          width: LABEL_WIDTH,
          overflow: 'truncate',
          margin: GAP,
          color: colour('ink'),
        },
      },
      visualMap: { type: 'piecewise', show: false, dimension: 2, pieces },
      series: {
        type: 'heatmap',
        silent: true,
        data: cells(heatmap),
        itemStyle: { borderColor: colour('paper'), borderWidth: 2, borderRadius: 3 },
        label: { fontSize: CHART_TEXT },
      },
    },
  });
