import { oneLine } from '../format.ts';
import type { Html } from '../html.ts';
import { type Colour, colour } from '../palette.ts';
import { BARE_AXIS, CHART_TEXT, CHART_WIDTH, drawSvg } from './svg.ts';

const ROW_HEIGHT = 23;
const BAR_HEIGHT = 13;
const GAP = 8;

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

const labelAxis = (labels: readonly string[], width: number) => ({
  type: 'category',
  inverse: true,
  data: labels.map(oneLine),
  ...BARE_AXIS,
  axisLabel: {
    interval: 0,
    width,
    overflow: 'truncate',
    margin: GAP,
    color: colour('ink'),
    fontSize: CHART_TEXT,
  },
});

const captionStyle = { show: true, color: colour('muted'), fontSize: CHART_TEXT, distance: 6 };

/** Bars from left to right, one below the other. */
export const drawBars = ({ bars, labelWidth, captionWidth, description }: Bars): Html =>
  drawSvg({
    height: bars.length * ROW_HEIGHT,
    description,
    option: {
      grid: { left: labelWidth + GAP, right: captionWidth, top: 0, bottom: 0 },
      xAxis: {
        type: 'value',
        show: false,
        min: 0,
        max: Math.max(1, ...bars.map((bar) => bar.value)),
      },
      yAxis: labelAxis(
        bars.map((bar) => bar.label),
        labelWidth,
      ),
      series: {
        type: 'bar',
        silent: true,
        barWidth: BAR_HEIGHT,
        data: bars.map((bar) => ({
          value: bar.value,
          itemStyle: { color: colour(bar.colour ?? 'bar') },
          label: { ...captionStyle, position: 'right', formatter: () => bar.caption },
        })),
      },
    },
  });

/** Gains to the right and losses to the left of a common line. */
export interface Balance {
  readonly label: string;
  readonly gained: number;
  readonly lost: number;
}

const BALANCE_LABEL_WIDTH = 140;
const BALANCE_CAPTION_WIDTH = 34;

function side(
  rows: readonly Balance[],
  amountOf: (row: Balance) => number,
  style: { readonly colour: Colour; readonly position: 'left' | 'right'; readonly sign: string },
) {
  return {
    type: 'bar',
    stack: 'balance',
    silent: true,
    barWidth: BAR_HEIGHT,
    itemStyle: { color: colour(style.colour) },
    data: rows.map((row) => {
      const value = amountOf(row);
      return {
        value,
        label: {
          ...captionStyle,
          show: value !== 0,
          position: style.position,
          formatter: () => `${style.sign}${Math.abs(value)}`,
        },
      };
    }),
  };
}

/** Bars to both sides, one pair below the other. */
export function drawBalances(rows: readonly Balance[], description: string): Html {
  const most = Math.max(1, ...rows.flatMap((row) => [row.gained, row.lost]));
  const left = BALANCE_LABEL_WIDTH + GAP + BALANCE_CAPTION_WIDTH;
  return drawSvg({
    height: rows.length * ROW_HEIGHT,
    description,
    option: {
      grid: { left, right: BALANCE_CAPTION_WIDTH, top: 0, bottom: 0 },
      xAxis: { type: 'value', show: false, min: -most, max: most },
      yAxis: {
        ...labelAxis(
          rows.map((row) => row.label),
          BALANCE_LABEL_WIDTH,
        ),
        offset: BALANCE_CAPTION_WIDTH,
      },
      series: [
        side(rows, (row) => -row.lost, { colour: 'warning-bar', position: 'left', sign: '−' }),
        side(rows, (row) => row.gained, { colour: 'bar', position: 'right', sign: '+' }),
      ],
    },
  });
}

/** Room for labels where the captions take little. */
export const WIDE_LABELS = Math.round(CHART_WIDTH / 2);
