import { COMMAND_NAME } from '../../contract/command-name.ts';
import { keyOf } from '../../contract/proficiency-order.ts';
import { type Balance, drawBalances } from '../charts/bars.ts';
import type { Change, Facts } from '../facts.ts';
import { counted, longDate, number } from '../format.ts';
import { type Html, html, userText } from '../html.ts';
import { longTable, proficiency, type TableColumn } from '../table.ts';
import { isGain, type WeighedChange, weighedChanges } from '../weighed-changes.ts';
import { chartWithTable, section } from './section.ts';

const MOST_ROWS = 14;
const LINES_SHOWN = 15;

const STATUS = { present: '', created: 'new agent', deleted: 'agent gone' } as const;

function inWords({ change, level_before, level_after }: Change): string {
  if (change === 'added') return `added at ${number(level_after ?? 0)}`;
  if (change === 'removed') return `removed, was ${number(level_before ?? 0)}`;
  return `${number(level_before ?? 0)} → ${number(level_after ?? 0)}`;
}

const CONSEQUENCE: Readonly<Record<WeighedChange['consequence'], Html | undefined>> = {
  'nobody left': html` <span class="wrong">nobody has it now</span>`,
  'target missed': html` <span class="wrong">coverage target missed</span>`,
  none: undefined,
};

const COLUMNS: readonly TableColumn<WeighedChange>[] = [
  {
    head: 'Agent',
    cell: (line) => userText(line.username ?? line.user_id),
    isHead: true,
  },
  { head: 'Proficiency', cell: proficiency },
  {
    head: 'Level',
    cell: (line) =>
      html`${inWords(line)} <small>${STATUS[line.user_status]}${CONSEQUENCE[line.consequence]}</small>`,
  },
];

const sizeOf = ({ gained, lost }: Balance): number => gained + lost;

/** By value. The chart leaves out the attribute, which the table names. */
function balances(lines: readonly Change[]): readonly Balance[] {
  const byProficiency = new Map<string, Balance>();
  for (const line of lines) {
    const key = keyOf(line);
    const { gained, lost } = byProficiency.get(key) ?? { gained: 0, lost: 0 };
    const label = line.attribute_value;
    const gains = isGain(line);
    byProficiency.set(key, {
      label,
      gained: gained + (gains ? 1 : 0),
      lost: lost + (gains ? 0 : 1),
    });
  }
  return [...byProficiency.values()].toSorted((one, other) => sizeOf(other) - sizeOf(one));
}

function picture(changes: readonly Change[], facts: Facts): Html {
  const lines = weighedChanges(changes, facts);
  const shown = balances(lines).slice(0, MOST_ROWS);
  const chart = drawBalances(
    shown,
    'Proficiencies with the most changes: agents that lost some to the left, agents that gained to the right',
  );
  const content = {
    caption: 'Changed proficiencies, the weightiest first',
    columns: COLUMNS,
    lines,
  };
  return chartWithTable(
    html`<figcaption class="sides"><span>Lost</span><span>Gained</span></figcaption>${chart}<p class="note">A lower level counts as lost, a higher one as gained.</p>`,
    longTable(content, LINES_SHOWN, 'changes-between-dates'),
  );
}

function tally(lines: readonly Change[]): string {
  const count = (change: Change['change']) =>
    number(lines.filter((line) => line.change === change).length);
  return `${count('added')} added, ${count('removed')} removed, ${count('level changed')} with another level`;
}

function leadOf({ changes, previousDate }: Facts): string {
  if (previousDate === undefined) {
    return 'This is the first snapshot: there is none to compare it with.';
  }
  if (changes === undefined) {
    return `This snapshot has not been compared with the one before it: run npx ${COMMAND_NAME} derive, then write the report again.`;
  }
  const { since, lines, created, deleted } = changes;
  return `Since the snapshot of ${longDate(since)}: ${tally(lines)}; ${counted(created, 'new agent')}, ${number(deleted)} gone.`;
}

/** What changed since the snapshot before. */
export const changesSection = (facts: Facts): Html =>
  section({
    id: `changes-${facts.instanceId}`,
    title: 'Changes',
    lead: leadOf(facts),
    body: facts.changes?.lines.length ? picture(facts.changes.lines, facts) : html``,
  });
