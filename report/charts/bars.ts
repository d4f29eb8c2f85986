import type { Html } from '../html.ts';
import { type Colour, colour } from '../palette.ts';
import { CHART_TEXT, drawSvg, LABEL_GAP, rowAxis } from './svg.ts';

/** All sizes are in pixels. */
const BAR_ROW_HEIGHT = 23;
const BAR_HEIGHT = 13;

/** Room for labels and captions of balances. The style sheet puts the heads of both sides at the common line, which these place. */
const BALANCE_LABEL_WIDTH = 134;
const BALANCE_CAPTION_WIDTH = 40;

/** What stands at the end of a bar. */
const BAR_CAPTION = {
  show: true,
  color: colour('muted'),
  fontSize: CHART_TEXT,
  distance: 6,
} as const;

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What stands at the bar's end. */
  readonly caption: string;
  readonly colour?: Colour;
}

export interface Bars {
  readonly bars: readonly Bar[];
  /** Room for the labels, in pixels; longer ones are cut. */
  readonly labelWidth: number;
  /** Room for the captions. */
  readonly captionWidth: number;
  readonly description: string;
}

const dataOf = ({ value, caption, colour: name = 'bar' }: Bar) => ({
  value,
  itemStyle: { color: colour(name) },
  label: { ...BAR_CAPTION, position: 'right', formatter: () => caption },
});

/** Bars from left to right, one below the other. */
export function drawBars({ bars, labelWidth, captionWidth, description }: Bars): Html {
  const labels = bars.map(({ label }) => label);
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return drawSvg({
    height: bars.length * BAR_ROW_HEIGHT,
    description,
    option: {
      grid: { left: labelWidth + LABEL_GAP, right: captionWidth, top: 0, bottom: 0 },
      xAxis: { type: 'value', show: false, min: 0, max: most },
      yAxis: rowAxis(labels, labelWidth),
      series: { type: 'bar', silent: true, barWidth: BAR_HEIGHT, data: bars.map(dataOf) },
    },
  });
}

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
  const left = BALANCE_LABEL_WIDTH + LABEL_GAP + BALANCE_CAPTION_WIDTH;
  return drawSvg({
    height: rows.length * BAR_ROW_HEIGHT,
    description,
    option: {
      grid: { left, right: BALANCE_CAPTION_WIDTH, top: 0, bottom: 0 },
      xAxis: { type: 'value', show: false, min: -most, max: most },
      yAxis: { ...rowAxis(labels, BALANCE_LABEL_WIDTH), offset: BALANCE_CAPTION_WIDTH },
      series: [
        side({ values: lost, colour: 'warning-bar', position: 'left', sign: '−' }),
        side({ values: gained, colour: 'bar', position: 'right', sign: '+' }),
      ],
    },
  });
}
