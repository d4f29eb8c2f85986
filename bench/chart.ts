import { init } from 'echarts';
import type { Score } from './contest.ts';
import { throttledPerHundred, usersLost } from './figures.ts';
import type { Results } from './measure.ts';
import { quotaInWords } from './table.ts';

const WIDTH = 1000;

const PANEL = { width: 390, height: 210, left: [70, 560], top: [90, 400] } as const;

/** Ours stands out; the others are shades of grey, from what most people write to what few know. */
const COLOURS: Readonly<Record<string, string>> = {
  'one by one, SDK defaults': '#d0d7de',
  'p-limit(10), SDK defaults': '#a8b3bf',
  'p-limit(10), maxAttempts 10': '#7d8a97',
  'p-limit(10), adaptive': '#545f6b',
  ours: '#e8590c',
};

const NEIGHBOUR_COLOUR = '#1971c2';

/** One panel of the chart: where it stands, and what it shows. */
interface Panel {
  readonly title: string;
  readonly x: object;
  readonly y: object;
  readonly series: readonly object[];
}

function bars(title: string, scores: readonly Score[], figure: (score: Score) => number): Panel {
  const quotas = [...new Set(scores.map(({ contest }) => quotaInWords(contest)))];
  const series = Object.entries(COLOURS).map(([name, color]) => ({
    name,
    type: 'bar',
    color,
    data: quotas.map((quota) => {
      const found = scores.find(
        ({ contest }) => contest.strategy === name && quotaInWords(contest) === quota,
      );
      return found && Number(figure(found).toFixed(1));
    }),
    label: { show: true, position: 'top', fontSize: 10 },
  }));
  return { title, x: { type: 'category', data: quotas }, y: { type: 'value' }, series };
}

function course(title: string, { course }: Score, withNeighbour: boolean): Panel {
  const line = (name: string, color: string, data: readonly number[]) => ({
    name,
    type: 'line',
    color,
    showSymbol: false,
    data: data.map((value, second) => [second + 1, value]),
  });
  return {
    title,
    x: { type: 'value', max: 'dataMax', name: 's' },
    y: { type: 'value' },
    series: [
      line(
        'ours',
        COLOURS.ours ?? '',
        course.map(({ ours }) => ours),
      ),
      ...(withNeighbour
        ? [
            line(
              'a neighbour',
              NEIGHBOUR_COLOUR,
              course.map(({ neighbour }) => neighbour),
            ),
          ]
        : []),
    ],
  };
}

function panels({ lines, growingNeighbour, storm }: Results): Panel[] {
  const limited = lines
    .map(({ score }) => score)
    .filter(({ contest }) => contest.quota !== 'unlimited');
  return [
    bars('Users lost, of 100', limited, (score) => (100 * usersLost(score)) / score.contest.users),
    bars('Calls throttled, per 100 good ones', limited, throttledPerHundred),
    ...(growingNeighbour
      ? [course('Giving way to a neighbour at 20/s: calls per second', growingNeighbour, true)]
      : []),
    ...(storm ? [course('After a minute of refusals: calls per second', storm, false)] : []),
  ];
}

/** Draws the results as one SVG. */
export function drawChart(results: Results): string {
  const drawn = panels(results);
  const place = (index: number) => ({
    left: PANEL.left[index % 2] ?? 0,
    top: PANEL.top[Math.floor(index / 2)] ?? 0,
  });
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: 100 + 310 * Math.ceil(drawn.length / 2),
  });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    legend: { top: 10 },
    title: drawn.map(({ title }, index) => ({
      text: title,
      left: place(index).left,
      top: place(index).top - 40,
      textStyle: { fontSize: 14 },
    })),
    grid: drawn.map((_, index) => ({
      ...place(index),
      width: PANEL.width,
      height: PANEL.height,
    })),
    xAxis: drawn.map(({ x }, gridIndex) => ({ ...x, gridIndex })),
    yAxis: drawn.map(({ y }, gridIndex) => ({ ...y, gridIndex })),
    series: drawn.flatMap(({ series }, index) =>
      series.map((one) => ({ ...one, xAxisIndex: index, yAxisIndex: index })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
