import { type Bar, drawBars } from '../charts/bars.ts';
import type { AgentsByCount, Facts } from '../facts.ts';
import { counted, number, percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import { type TableColumn, table } from '../table.ts';
import { chartWithTable, section } from './section.ts';
import { agentsOf } from './summary.ts';

/** Connect's default limit is 10 proficiencies per user; above it, where it was raised, numbers are taken together. */
const RANGES: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 11 }, (_, count) => [count, count] as const),
  [11, 20],
  [21, 50],
  [51, 100],
  [101, Number.POSITIVE_INFINITY],
];

interface Range {
  readonly label: string;
  readonly agents: number;
}

function labelOf(from: number, to: number): string {
  if (from === to) return String(from);
  return Number.isFinite(to) ? `${from}–${to}` : `${from}+`;
}

/** Up to the largest number that anybody has. */
function rangesOf(agentsByCount: readonly AgentsByCount[]): readonly Range[] {
  const most = Math.max(0, ...agentsByCount.map((one) => one.proficiencies));
  return RANGES.filter(([from]) => from <= most).map(([from, to]) => ({
    label: labelOf(from, to),
    agents: agentsByCount
      .filter(({ proficiencies }) => proficiencies >= from && proficiencies <= to)
      .reduce((sum, { agents }) => sum + agents, 0),
  }));
}

const barOf = (range: Range): Bar => ({
  label: range.label,
  value: range.agents,
  caption: number(range.agents),
  ...(range.label === '0' && { colour: 'warning-bar' as const }),
});

function picture(facts: Facts): Html {
  const total = agentsOf(facts);
  const ranges = rangesOf(facts.agentsByCount);
  const columns: readonly TableColumn<Range>[] = [
    { head: 'Proficiencies', cell: (range) => range.label, isHead: true },
    { head: 'Agents', cell: (range) => number(range.agents), isNumber: true },
    { head: 'Share', cell: (range) => percent(range.agents, total), isNumber: true },
  ];
  const chart = drawBars({
    bars: ranges.map(barOf),
    labelWidth: 54,
    captionWidth: 52,
    description: 'Agents by number of proficiencies, as the table beside it has them',
  });
  const caption = 'Agents by number of proficiencies';
  return chartWithTable(
    html`<figcaption>Agents by number of proficiencies</figcaption>${chart}`,
    html`<div class="narrow">${table({ caption, columns, lines: ranges })}</div>`,
  );
}

/** How many agents have how many proficiencies. */
export function countsSection(facts: Facts): Html {
  const agents = agentsOf(facts);
  const atLimit = facts.agentsByCount
    .filter(({ proficiencies }) => proficiencies >= 10)
    .reduce((sum, one) => sum + one.agents, 0);
  return section({
    id: `counts-${facts.instanceId}`,
    title: 'Proficiencies per agent',
    lead: `${counted(atLimit, 'agent')} ${atLimit === 1 ? 'has' : 'have'} 10 or more: Connect’s default limit.`,
    body: agents === 0 ? html`<p class="nothing">The instance has no users.</p>` : picture(facts),
  });
}
