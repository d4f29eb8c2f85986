import type { Facts } from '../facts.ts';
import { type Html, html, trusted } from '../html.ts';
import { packedAgents } from '../packed-agents.ts';
import { section } from './section.ts';

/** JSON that no element ends within. */
const json = (value: object): Html =>
  trusted(JSON.stringify(value).replaceAll('<', String.raw`\u003c`));

const choice = (name: string, label: string, all: string): Html => html`
<label>${label} <select name="${name}" autocomplete="off"><option value="">${all}</option></select></label>`;

/** What `agents.js` fills in: without a script there is nothing to be seen of it. */
const search = (facts: Facts): Html => html`
<div class="search" role="search">
<label>Name or user id <input type="search" name="text" autocomplete="off" spellcheck="false"></label>
${choice('team', 'Team', 'Any team')}
${choice('profile', 'Routing profile', 'Any profile')}
${choice('attribute', 'Attribute', 'Any attribute')}
${choice('value', 'Value', 'Any value')}
${choice('level', 'Level', 'Any level')}
</div>
<div class="found"><p role="status"></p><button type="button" name="clear" hidden>Clear</button></div>
<div class="table" role="region" tabindex="0" aria-label="Agents found" hidden>
<table>
<caption>Agents found</caption>
<thead><tr><th scope="col">Agent</th><th scope="col">Proficiencies</th></tr></thead>
<tbody></tbody>
</table>
</div>
<button type="button" name="more" hidden>Show more</button>
<script type="application/json">${json(packedAgents(facts.agents))}</script>`;

/** A list of agents to search; nothing where there are none. */
export function agentsSection(facts: Facts): Html {
  if (facts.agents.length === 0) return html``;
  const found = section({
    id: `agents-${facts.instanceId}`,
    title: 'Find agents',
    lead: 'By name or user id, by team, or by what they can do.',
    body: search(facts),
  });
  return html`<div class="agents" hidden>${found}</div>`;
}
