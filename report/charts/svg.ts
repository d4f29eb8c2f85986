import { type EChartsCoreOption, init } from 'echarts';
import { escaped, type Html, trusted } from '../html.ts';
import { colour } from '../palette.ts';
import { cutTo } from './cut.ts';

/**
 * The width that charts are drawn at, in pixels: what a phone 390 pixels wide leaves between its margins, and a column of
 * the three on a desk. So one drawing fits both, and its text has the size it was measured for.
 */
const CHART_WIDTH = 352;

/** Size of the text in charts, in pixels. */
export const CHART_TEXT = 12;

/** The browser's own font, as in the text around. */
const FONT = 'inherit';

export interface Drawing {
  readonly height: number;
  /** What the chart shows, for those who do not see it. */
  readonly description: string;
  readonly option: EChartsCoreOption;
}

const OPENING_TAG = /^<svg [^>]*>/;

/**
 * What only a script or a mouse would use, clips around lines that keep within their grid, and the counter of charts by which
 * echarts names classes and clips: without it the same snapshot makes the same file. Texts cannot match, for their quotes and brackets are escaped.
 */
const NEEDLESS =
  /<style >.*?<\/style>|<defs >.*?<\/defs>| (?:class|clip-path|ecmeta_\w+)="[^"]*"/gs;

/** Draws a chart that needs neither a script nor a size of the page. */
export function drawSvg({ height, description, option }: Drawing): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: CHART_WIDTH, height });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONT, fontSize: CHART_TEXT },
      ...option,
    });
    const opening = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${CHART_WIDTH} ${height}" role="img" aria-label="${escaped(description)}">`;
    const drawn = chart.renderToSVGString().replaceAll(NEEDLESS, '');
    return trusted(drawn.replace(OPENING_TAG, () => opening));
  } finally {
    chart.dispose();
  }
}

/** An axis that is not seen, but for its labels. */
export const BARE_AXIS = {
  axisLine: { show: false },
  axisTick: { show: false },
  splitLine: { show: false },
} as const;

/** Room between names and what they name, in pixels. */
export const LABEL_GAP = 10;

/**
 * An axis that names rows, the first on top.
 *
 * @param width room for the names, in pixels; longer ones are cut
 */
export const rowAxis = (names: readonly string[], width: number) => ({
  type: 'category',
  inverse: true,
  data: names.map((name) => cutTo(name, width / CHART_TEXT)),
  ...BARE_AXIS,
  axisLabel: { interval: 0, margin: LABEL_GAP, color: colour('ink'), fontSize: CHART_TEXT },
});
