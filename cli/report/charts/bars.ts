import type { Html } from '../html.ts';
import { type Colour, colour } from '../palette.ts';
import { CHART_TEXT, drawSvg, LABEL_GAP, rowAxis } from './svg.ts';

export const BAR_ROW_HEIGHT = 23;
export const BAR_HEIGHT = 13;

/** What stands at the end of a bar. */
export const BAR_CAPTION = {
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
