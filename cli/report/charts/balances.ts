import type { Html } from '../html.ts';
import { type Colour, colour } from '../palette.ts';
import { BAR_CAPTION, BAR_HEIGHT, BAR_ROW_HEIGHT } from './bars.ts';
import { drawSvg, LABEL_GAP, rowAxis } from './svg.ts';

/** In pixels. The style sheet puts the heads of both sides at the common line, which these place. */
const LABEL_WIDTH = 134;
const CAPTION_WIDTH = 40;

/** Gains to the right and losses to the left of a common line. */
export interface Balance {
  readonly label: string;
  readonly gained: number;
  readonly lost: number;
}

interface Side {
  /** Below 0 to the left. */
  readonly values: readonly number[];
  readonly colour: Colour;
  readonly position: 'left' | 'right';
  readonly sign: string;
}

const side = ({ values, colour: name, position, sign }: Side) => ({
  type: 'bar',
  stack: 'balance',
  silent: true,
  barWidth: BAR_HEIGHT,
  itemStyle: { color: colour(name) },
  data: values.map((value) => ({
    value,
    label: {
      ...BAR_CAPTION,
      show: value !== 0,
      position,
      formatter: () => `${sign}${Math.abs(value)}`,
    },
  })),
});

/** Bars to both sides, one pair below the other. */
export function drawBalances(rows: readonly Balance[], description: string): Html {
  const gained = rows.map((row) => row.gained);
  const lost = rows.map((row) => -row.lost);
  const most = Math.max(1, ...gained, ...lost.map(Math.abs));
  const labels = rows.map(({ label }) => label);
  const left = LABEL_WIDTH + LABEL_GAP + CAPTION_WIDTH;
  return drawSvg({
    height: rows.length * BAR_ROW_HEIGHT,
    description,
    option: {
      grid: { left, right: CAPTION_WIDTH, top: 0, bottom: 0 },
      xAxis: { type: 'value', show: false, min: -most, max: most },
      yAxis: { ...rowAxis(labels, LABEL_WIDTH), offset: CAPTION_WIDTH },
      series: [
        side({ values: lost, colour: 'warning-bar', position: 'left', sign: '−' }),
        side({ values: gained, colour: 'bar', position: 'right', sign: '+' }),
      ],
    },
  });
}
