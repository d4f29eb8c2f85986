import { COMMAND_NAME } from '../../contract/command-name.ts';
import { isNarrowed } from '../editions.ts';
import type { Facts, Run } from '../facts.ts';
import { counted, longDate, moment, number, percent } from '../format.ts';
import { type Html, html, userText } from '../html.ts';

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly remark?: string;
}

const figure = ({ name, value, remark }: Figure): Html => html`
<div><dt>${name}</dt><dd>${value}${remark === undefined ? html`` : html` <small>${remark}</small>`}</dd></div>`;

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** How many agents the snapshot has. */
export const agentsOf = ({ agentsByCount }: Facts): number =>
  sum(agentsByCount.map(({ agents }) => agents));

function agentsFigure(facts: Facts): Figure {
  const value = number(agentsOf(facts));
  if (facts.changes === undefined) return { name: 'Agents', value };
  const { created, deleted } = facts.changes;
  return { name: 'Agents', value, remark: `${number(created)} new, ${number(deleted)} gone` };
}

function figuresOf(facts: Facts): readonly Figure[] {
  const agents = agentsOf(facts);
  const without = facts.agentsByCount.find((one) => one.proficiencies === 0)?.agents ?? 0;
  const held = sum(facts.agentsByCount.map((one) => one.proficiencies * one.agents));
  const average = agents === 0 ? 0 : held / agents;
  return [
    agentsFigure(facts),
    { name: 'Different proficiencies', value: number(facts.coverage.length) },
    { name: 'Proficiencies held', value: number(held), remark: `${number(average)} per agent` },
    { name: 'Agents without any', value: number(without), remark: percent(without, agents) },
    { name: 'Single points of failure', value: number(facts.singlePoints.length) },
  ];
}

function completeness(run: Run): string {
  switch (run.verdict) {
    case 'users failed':
      return `Incomplete: ${counted(run.users_failed, 'user')} of ${number(run.users_listed)} could not be read.`;
    case 'rows missing':
      return `Damaged: the snapshot has ${counted(run.rows_found, 'row')}, but its run wrote ${number(run.users_exported)}; npx ${COMMAND_NAME} verify says more.`;
    case 'counts do not add up':
      return `Doubtful: of ${counted(run.users_listed, 'user')} listed, ${number(run.users_exported)} were exported, ${number(run.users_deleted_during_run)} deleted meanwhile and ${number(run.users_failed)} failed.`;
    case 'gap after':
    case 'ok':
      return 'Complete.';
  }
}

function warningOf(run: Run): string | undefined {
  const sentence = completeness(run);
  const late = `The next snapshot is ${counted(run.missing_days_after, 'day')} late.`;
  const sentences = [
    ...(sentence === 'Complete.' ? [] : [sentence]),
    ...(run.missing_days_after > 0 ? [late] : []),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

const warning = (text: string | undefined): Html =>
  text === undefined ? html`` : html`<p class="warning">${text}</p>`;

const NAMELESS: Readonly<Record<Facts['names'], string | undefined>> = {
  shown: undefined,
  'not in the snapshot': 'Agents are shown by their ids: the snapshot has no login names.',
  'left out': 'Agents are shown by their ids: their names were left out of this report.',
};

function nameless(facts: Facts): Html {
  const why = agentsOf(facts) === 0 ? undefined : NAMELESS[facts.names];
  return why === undefined ? html`` : html`<p class="note">${why}</p>`;
}

/** Whose agents the report is about, where it is not about all. */
function narrowing({ among }: Facts): Html {
  if (!isNarrowed(among)) return html``;
  const { team, routingProfile } = among;
  const inTeam =
    team === undefined ? html`` : html` in the team <strong>${userText(team)}</strong>`;
  const withProfile =
    routingProfile === undefined
      ? html``
      : html` with the routing profile <strong>${userText(routingProfile)}</strong>`;
  return html`<p class="note">Only agents${inTeam}${withProfile}; exports are those of the whole instance.</p>`;
}

/** What an instance's report begins with: which snapshot it is, whether it is to be trusted, the key figures. */
export const summary = (facts: Facts): Html => html`
<p class="dateline">Snapshot of <strong>${longDate(facts.date)}</strong>, ${facts.region}, complete at ${moment(facts.finishedAt)}</p>
${narrowing(facts)}
${warning(warningOf(facts.runs[0]))}
${nameless(facts)}
<dl class="figures">${figuresOf(facts).map(figure)}</dl>`;
