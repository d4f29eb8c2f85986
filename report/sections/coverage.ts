import { drawHeatmap, type HeatScale, heatScale, stepLabel } from '../charts/heatmap.ts';
import type { Coverage, Facts } from '../facts.ts';
import { counted, number } from '../format.ts';
import { type Html, html, userText } from '../html.ts';
import { heatColour } from '../palette.ts';
import { foldedTable, type TableColumn } from '../table.ts';
import { chartPerAttribute, section } from './section.ts';

const levelsOf = (line: Coverage): readonly number[] => [
  line.level_1,
  line.level_2,
  line.level_3,
  line.level_4,
  line.level_5,
];

const heatmapOf = (name: string, shown: readonly Coverage[], scale: HeatScale): Html =>
  drawHeatmap({
    rows: shown.map((line) => ({ label: line.attribute_value, agents: levelsOf(line) })),
    scale,
    description: `${name}: agents by value and level, as the table of coverage has them`,
  });

const legend = (scale: HeatScale): Html => html`
<ul class="legend"><li>Agents:</li>
${scale.map((_, index) => html`<li><span class="swatch" style="background: ${heatColour(index + 1)}"></span>${stepLabel(scale, index)}</li>`)}
</ul>`;

const COLUMNS: readonly TableColumn<Coverage>[] = [
  { head: 'Attribute', cell: (line) => userText(line.attribute_name) },
  { head: 'Value', cell: (line) => userText(line.attribute_value), isHead: true },
  { head: 'Agents', cell: (line) => number(line.agents), isNumber: true },
  ...[1, 2, 3, 4, 5].map(
    (level, index): TableColumn<Coverage> => ({
      head: `Level ${level}`,
      cell: (line) => number(levelsOf(line)[index] ?? 0),
      isNumber: true,
    }),
  ),
  { head: 'Average', cell: (line) => line.average_level.toFixed(1), isNumber: true },
];

function picture(coverage: readonly Coverage[]): Html {
  const most = coverage.flatMap(levelsOf).reduce((one, other) => Math.max(one, other), 1);
  const scale = heatScale(most);
  return html`
${legend(scale)}
${chartPerAttribute(coverage, (name, shown) => heatmapOf(name, shown, scale))}
${foldedTable(
  `Table of ${counted(coverage.length, 'proficiency', 'proficiencies')}`,
  { caption: 'Agents by proficiency and level', columns: COLUMNS, lines: coverage },
  'coverage-matrix',
)}`;
}

/** How many agents have each proficiency, at which level. */
export const coverageSection = ({ instanceId, coverage }: Facts): Html =>
  section({
    id: `coverage-${instanceId}`,
    title: 'Coverage',
    lead: 'Agents with each proficiency, by level from 1 (lowest) to 5; a level in between counts as the lower one.',
    body:
      coverage.length === 0
        ? html`<p class="nothing">Nobody has a proficiency.</p>`
        : picture(coverage),
  });
