import type { Html } from '../html.ts';
import { type Colour, colour } from '../palette.ts';
import { BARE_AXIS, CHART_TEXT, drawSvg } from './svg.ts';

const HEIGHT = 150;
const FOOTER_HEIGHT = 24;

/** A day of the chart. */
export interface Day {
  readonly label: string;
  /** `undefined` where there is nothing to show, which is marked by a cross. */
  readonly value: number | undefined;
  readonly colour: Colour;
}

const MISSING = '×';

function bar({ value, colour: name }: Day) {
  return {
    value: value ?? 0,
    itemStyle: { color: colour(name) },
    label: {
      show: value === undefined,
      position: 'top',
      distance: 1,
      formatter: () => MISSING,
      color: colour('warning'),
      fontSize: CHART_TEXT,
    },
  };
}

/** Upright bars, a day each; only the first and the last day are named, for want of room. */
export function drawDays(days: readonly Day[], description: string): Html {
  const last = days.length - 1;
  const isNamed = (index: number) => index === 0 || index === last;
  return drawSvg({
    height: HEIGHT,
    description,
    option: {
      grid: { left: 0, right: 0, top: 4, bottom: FOOTER_HEIGHT },
      xAxis: {
        type: 'category',
        data: days.map((day) => day.label),
        ...BARE_AXIS,
        axisLine: { show: true, lineStyle: { color: colour('rule') } },
        axisLabel: {
          interval: isNamed,
          hideOverlap: false,
          alignMinLabel: 'left',
          alignMaxLabel: 'right',
          color: colour('muted'),
          fontSize: CHART_TEXT,
        },
      },
      yAxis: { type: 'value', show: false, min: 0 },
      series: {
        type: 'bar',
        silent: true,
        barCategoryGap: '25%',
        barMaxWidth: 28,
        data: days.map(bar),
      },
    },
  });
}
