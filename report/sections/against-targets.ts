import { COMMAND_NAME } from '../../contract/command-name.ts';
import { problemInWords } from '../../contract/target.ts';
import type { AgainstTargets, Facts, TargetResult } from '../facts.ts';
import { counted, number } from '../format.ts';
import { type Html, html, userText } from '../html.ts';
import { longTable, proficiency, type TableColumn } from '../table.ts';
import { section } from './section.ts';

const LINES_SHOWN = 15;
const PROBLEMS_SHOWN = 20;

const COLUMNS: readonly TableColumn<TargetResult>[] = [
  {
    head: 'Proficiency',
    cell: (line) =>
      html`${proficiency(line)} <small>from level ${number(line.minimum_level)}</small>`,
    isHead: true,
  },
  {
    head: 'Agents',
    cell: (line) => html`${number(line.have)} <small>of ${number(line.need)}</small>`,
    isNumber: true,
  },
  {
    head: 'Gap',
    cell: (line) => (line.gap > 0 ? html`<strong>${number(line.gap)}</strong>` : ''),
    isNumber: true,
  },
  { head: 'One level short', cell: oneLevelShort },
];

function oneLevelShort({ one_level_short, who_is_one_level_short }: TargetResult): Html {
  if (who_is_one_level_short === null) return html``;
  return html`${number(one_level_short)} <small>${userText(who_is_one_level_short)}</small>`;
}

function leadOf({ lines, isBehind }: AgainstTargets): string {
  if (isBehind) {
    return `The file of targets was changed since it was read: run npx ${COMMAND_NAME} derive, then write the report again.`;
  }
  if (lines.length === 0) return 'There is no target that the snapshot could be compared with.';
  const missed = lines.filter(({ gap }) => gap > 0).length;
  const targets = counted(lines.length, 'coverage target');
  return missed === 0
    ? `Nothing is missing: ${targets}.`
    : `Of ${targets}, ${counted(missed, 'is', 'are')} not met.`;
}

function problemList({ problems }: AgainstTargets): Html {
  const more = problems.length - PROBLEMS_SHOWN;
  const isWholeFile = problems.some(({ line_number }) => line_number === null);
  const what = isWholeFile ? '' : `${counted(problems.length, 'line')} of `;
  return html`
<p class="warning">${what}targets/coverage.csv cannot be read:</p>
<ul class="problems">${problems.slice(0, PROBLEMS_SHOWN).map((one) => html`<li>${userText(problemInWords(one))}</li>\n`)}</ul>
${more > 0 ? html`<p class="note">and ${number(more)} more</p>` : html``}`;
}

/** Which coverage targets are met, and who is one level short; nothing where nobody has set any. */
export function againstTargetsSection({ instanceId, againstTargets }: Facts): Html {
  const { lines, problems, isBehind } = againstTargets;
  if (lines.length === 0 && problems.length === 0 && !isBehind) return html``;
  const content = { caption: 'Coverage targets, the largest gaps first', columns: COLUMNS, lines };
  return section({
    id: `targets-${instanceId}`,
    title: 'Coverage against targets',
    lead: leadOf(againstTargets),
    body: html`${problems.length > 0 ? problemList(againstTargets) : html``}
${lines.length > 0 ? longTable(content, LINES_SHOWN, 'coverage-against-targets') : html``}`,
  });
}
