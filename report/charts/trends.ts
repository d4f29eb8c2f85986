import { compact, signed } from '../format.ts';
import type { Html } from '../html.ts';
import { colour } from '../palette.ts';
import { BARE_AXIS, drawSvg, LABEL_GAP, rowAxis } from './svg.ts';

/** All sizes are in pixels. */
const ROW_HEIGHT = 25;
const LABEL_WIDTH = 134;
/** Room for the last number and the difference: `12.3K  −1,234`. */
const CAPTION_WIDTH = 88;

/** How much of its row a line may take. */
const SHARE = 0.7;

/** A line is not so steep that a few of many look like many: from bottom to top is this share of the largest number at least. */
const LEAST_SPAN = 0.2;

/** A line is some 120 pixels wide: more points than these would be seen by nobody, but weigh in the file. */
const MOST_POINTS = 60;

interface TrendRow {
  readonly label: string;
  /** One for each date. */
  readonly values: readonly number[];
}

export interface TrendChart {
  readonly rows: readonly TrendRow[];
  /** Of the values, the oldest first. */
  readonly dates: readonly string[];
  readonly description: string;
}

const captionOf = ({ values }: TrendRow): string => {
  const last = values.at(-1) ?? 0;
  const difference = last - (values[0] ?? last);
  return difference === 0 ? compact(last) : `${compact(last)}  ${signed(difference)}`;
};

/** Heights from 0 to 1, around the middle. */
function heightsOf(values: readonly number[]): readonly number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(most - least, LEAST_SPAN * most, 1);
  const middle = (least + most) / 2;
  return values.map((value) => 0.5 + (SHARE * (value - middle)) / span);
}

/** Which of some values are drawn: the first and the last, and between them as many as can be seen, evenly apart. */
function drawnOf(count: number): readonly number[] {
  const points = Math.min(count, MOST_POINTS);
  return Array.from({ length: points }, (_, point) =>
    Math.round((point * (count - 1)) / Math.max(1, points - 1)),
  );
}

const seriesOf = (times: readonly number[], { values }: TrendRow, rowsBelow: number) => ({
  type: 'line',
  silent: true,
  symbol: 'none',
  yAxisIndex: 2,
  lineStyle: { color: colour('bar'), width: 1.5 },
  data: heightsOf(values).map((height, index) => [times[index], rowsBelow + height]),
});

/** A row with the values at these places alone. */
const at = (places: readonly number[], { label, values }: TrendRow): TrendRow => ({
  label,
  values: places.flatMap((place) => values[place] ?? []),
});

/** Lines, one below the other, each on a scale of its own, with the last number and the difference to the first. */
export function drawTrends({ rows, dates, description }: TrendChart): Html {
  const drawn = drawnOf(dates.length);
  const times = drawn.map((place) => Date.parse(dates[place] ?? ''));
  const captions = rowAxis(rows.map(captionOf), CAPTION_WIDTH);
  return drawSvg({
    height: rows.length * ROW_HEIGHT,
    description,
    option: {
      grid: { left: LABEL_WIDTH + LABEL_GAP, right: CAPTION_WIDTH + LABEL_GAP, top: 0, bottom: 0 },
      xAxis: { type: 'value', show: false, min: times[0], max: times.at(-1) },
      yAxis: [
        rowAxis(
          rows.map(({ label }) => label),
          LABEL_WIDTH,
        ),
        {
          ...captions,
          position: 'right',
          axisLabel: {
            ...captions.axisLabel,
            color: colour('muted'),
            align: 'right',
            margin: CAPTION_WIDTH + LABEL_GAP,
          },
        },
        { type: 'value', show: false, ...BARE_AXIS, min: 0, max: rows.length },
      ],
      series: rows.map((row, index) => seriesOf(times, at(drawn, row), rows.length - 1 - index)),
    },
  });
}
