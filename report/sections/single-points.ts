import { drawBars } from '../charts/bars.ts';
import { type Facts, SINGLE_POINT, type SinglePoint } from '../facts.ts';
import { counted, number } from '../format.ts';
import { type Html, html, userText } from '../html.ts';
import { longTable, proficiency, type TableColumn } from '../table.ts';
import { chartWithTable, section } from './section.ts';

const MOST_BARS = 12;
const LINES_SHOWN = 15;

const COLUMNS: readonly TableColumn<SinglePoint>[] = [
  { head: 'Proficiency', cell: proficiency, isHead: true },
  { head: 'Only agent', cell: (line) => userText(line.who) },
  {
    head: `Below level ${SINGLE_POINT.minimumLevel}`,
    cell: (line) => number(line.agents_below_level),
    isNumber: true,
  },
];

/** How many proficiencies hang on each agent, the most first. */
function burdens(points: readonly SinglePoint[]): readonly (readonly [string, number])[] {
  const byAgent = new Map<string, number>();
  for (const { who } of points) byAgent.set(who, (byAgent.get(who) ?? 0) + 1);
  return [...byAgent].toSorted(([, one], [, other]) => other - one);
}

function picture(points: readonly SinglePoint[]): Html {
  const shown = burdens(points).slice(0, MOST_BARS);
  const chart = drawBars({
    bars: shown.map(([who, value]) => ({ label: who, value, caption: number(value) })),
    labelWidth: 180,
    captionWidth: 44,
    description: 'Agents by the number of proficiencies that hang on them alone, the most first',
  });
  const caption = 'Proficiencies that hang on one agent';
  const content = { caption, columns: COLUMNS, lines: points };
  return chartWithTable(
    html`<figcaption>Proficiencies that hang on one agent alone</figcaption>${chart}`,
    longTable(content, LINES_SHOWN, 'single-points-of-failure'),
  );
}

/** Which proficiencies hang on one agent. */
export function singlePointsSection({ instanceId, singlePoints, coverage }: Facts): Html {
  const count = counted(singlePoints.length, 'proficiency is', 'proficiencies are');
  const unheld = coverage.filter((line) => line.level_4 + line.level_5 === 0).length;
  const others = unheld === 0 ? '' : `; ${counted(unheld, 'other')} by nobody`;
  return section({
    id: `single-points-${instanceId}`,
    title: 'Single points of failure',
    lead: `${count} held at level ${SINGLE_POINT.minimumLevel} or above by one agent alone${others}.`,
    body:
      singlePoints.length === 0
        ? html`<p class="nothing">Nothing hangs on one agent.</p>`
        : picture(singlePoints),
  });
}
