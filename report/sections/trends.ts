import { COMMAND_NAME } from '../../contract/command-name.ts';
import { drawTrends } from '../charts/trends.ts';
import type { Facts } from '../facts.ts';
import { counted, longDate, mediumDate, number, signed } from '../format.ts';
import { type Html, html, userText } from '../html.ts';
import { foldedTable, type TableColumn } from '../table.ts';
import type { Trend, Trends } from '../trends.ts';
import { chartPerAttribute, section } from './section.ts';

const firstOf = ({ agents }: Trend): number => agents[0] ?? 0;
const lastOf = ({ agents }: Trend): number => agents.at(-1) ?? 0;

const columnsFor = (first: string, last: string): readonly TableColumn<Trend>[] => [
  { head: 'Attribute', cell: (line) => userText(line.attribute_name) },
  { head: 'Value', cell: (line) => userText(line.attribute_value), isHead: true },
  { head: mediumDate(first), cell: (line) => number(firstOf(line)), isNumber: true },
  { head: mediumDate(last), cell: (line) => number(lastOf(line)), isNumber: true },
  {
    head: 'Difference',
    cell: (line) => signed(lastOf(line) - firstOf(line)),
    isNumber: true,
  },
];

function picture({ dates, lines }: Trends, first: string, last: string): Html {
  const charts = chartPerAttribute(lines, (name, shown) =>
    drawTrends({
      rows: shown.map((line) => ({ label: line.attribute_value, values: line.agents })),
      dates,
      description: `${name}: agents by value from ${first} to ${last}, as the table of trends has them`,
    }),
  );
  const table = foldedTable(
    `Table of ${counted(lines.length, 'trend')}`,
    { caption: 'Agents by proficiency, then and now', columns: columnsFor(first, last), lines },
    `changes-between-dates --param from_date=${first}`,
  );
  return html`${charts}${table}`;
}

function leadOf({ dates, isWhole }: Trends, first: string, last: string): string {
  const period = `Agents with each proficiency in ${counted(dates.length, 'snapshot')} from ${longDate(first)} to ${longDate(last)}: how many there are now, and the difference. Each line has a scale of its own.`;
  return isWhole
    ? period
    : `${period} Earlier snapshots have not been compared with these: run npx ${COMMAND_NAME} derive, then write the report again.`;
}

/** How coverage has changed from snapshot to snapshot; nothing where that cannot be told. */
export function trendsSection({ instanceId, trends }: Facts): Html {
  const [first, last] = [trends?.dates[0], trends?.dates.at(-1)];
  if (trends === undefined || first === undefined || last === undefined) return html``;
  if (trends.lines.length === 0) return html``;
  return section({
    id: `trends-${instanceId}`,
    title: 'Trends',
    lead: leadOf(trends, first, last),
    body: picture(trends, first, last),
  });
}
