import { type Candidate, type Facts, TRAINING } from '../facts.ts';
import { counted, number } from '../format.ts';
import { type Html, html, userText } from '../html.ts';
import { longTable, proficiency, type TableColumn } from '../table.ts';
import { section } from './section.ts';

const LINES_SHOWN = 15;

/** What is lacking, and who can be trained for it, the nearest first. */
interface Gap {
  readonly lacking: Candidate;
  readonly candidates: readonly Candidate[];
}

/** The gaps, in the order in which their candidates are given. */
function gapsOf(training: readonly Candidate[]): readonly Gap[] {
  const gaps = new Map<string, Gap>();
  for (const line of training) {
    const { attribute_name, attribute_value, minimum_level, need } = line;
    const key = JSON.stringify([attribute_name, attribute_value, minimum_level, need]);
    const { lacking, candidates } = gaps.get(key) ?? { lacking: line, candidates: [] };
    gaps.set(key, { lacking, candidates: [...candidates, line] });
  }
  return [...gaps.values()];
}

const levelOf = ({ level }: Candidate): string =>
  level === null ? 'new to it' : `at\u{a0}${number(level)}`;

const who = (candidate: Candidate): Html =>
  html`<div>${userText(candidate.username ?? candidate.user_id)} <small>${levelOf(candidate)}</small></div>`;

const COLUMNS: readonly TableColumn<Gap>[] = [
  {
    head: 'Proficiency',
    cell: ({ lacking }) =>
      html`${proficiency(lacking)} <small>from level ${number(lacking.minimum_level)}</small>`,
    isHead: true,
  },
  {
    head: 'Agents',
    cell: ({ lacking }) => html`${number(lacking.have)} <small>of ${number(lacking.need)}</small>`,
    isNumber: true,
  },
  { head: 'Train next', cell: ({ candidates }) => html`${candidates.map(who)}` },
];

function leadOf({ againstTargets }: Facts, gaps: readonly Gap[]): string {
  const few = `fewer than ${number(TRAINING.minimumAgents)} agents hold at level ${TRAINING.minimumLevel} or above`;
  const lacking =
    againstTargets.lines.length > 0
      ? `coverage targets that are not met, and other proficiencies that ${few}`
      : `proficiencies that ${few}`;
  return `${counted(gaps.length, 'gap')} to close: ${lacking}. The agents nearest to the level come first, and among equals those with the fewest proficiencies.`;
}

/** Who can be trained next; nothing where nobody need be. */
export function trainingSection(facts: Facts): Html {
  const lines = gapsOf(facts.training);
  if (lines.length === 0) return html``;
  const content = {
    caption: 'Agents to train next, the largest gaps first',
    columns: COLUMNS,
    lines,
  };
  return section({
    id: `training-${facts.instanceId}`,
    title: 'Who to train next',
    lead: leadOf(facts, lines),
    body: longTable(content, LINES_SHOWN, 'agents-to-train-next'),
  });
}
