import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXPORTER_VERSION } from '../contract/version.ts';
import type { Facts } from './facts.ts';
import { LANGUAGE } from './format.ts';
import { type Html, html, trusted } from './html.ts';
import { paletteStyle } from './palette.ts';
import { againstTargetsSection } from './sections/against-targets.ts';
import { agentsSection } from './sections/agents.ts';
import { changesSection } from './sections/changes.ts';
import { countsSection } from './sections/counts.ts';
import { coverageSection } from './sections/coverage.ts';
import { runsSection } from './sections/runs.ts';
import { singlePointsSection } from './sections/single-points.ts';
import { summary } from './sections/summary.ts';
import { trainingSection } from './sections/training.ts';
import { trendsSection } from './sections/trends.ts';

const textBeside = (name: string): string =>
  readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');

/**
 * The browser itself refuses what the report must not do: ask the network, or run any script but ours, which it knows by
 * its hash. So a name that slipped through unescaped would still do nothing.
 */
const policyFor = (script: string): string =>
  [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** What people call the instance, where that is known, and its id. */
const heading = ({ alias, instanceId }: Facts): Html =>
  alias === undefined
    ? html`<span class="id">${instanceId}</span>`
    : html`${alias} <span class="id">${instanceId}</span>`;

const instance = (facts: Facts): Html => html`
<article aria-labelledby="${facts.instanceId}">
<h2 id="${facts.instanceId}">Instance ${heading(facts)}</h2>
${summary(facts)}
${agentsSection(facts)}
${coverageSection(facts)}
${againstTargetsSection(facts)}
${singlePointsSection(facts)}
${trainingSection(facts)}
${changesSection(facts)}
${trendsSection(facts)}
${countsSection(facts)}
${runsSection(facts)}
</article>`;

const contents = (all: readonly Facts[]): Html =>
  all.length < 2
    ? html``
    : html`
<nav aria-label="Instances"><ul>
${all.map(({ alias, instanceId, date }) => html`<li><a href="#${instanceId}">${alias ?? instanceId}</a>, ${date}</li>\n`)}</ul></nav>`;

/** The report as one HTML document that needs nothing else. */
export function page(all: readonly Facts[]): string {
  const script = textBeside('agents.js');
  return html`<!doctype html>
<html lang="${LANGUAGE}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Proficiency report, ${all
    .map(({ date }) => date)
    .toSorted()
    .at(-1)}</title>
<link rel="icon" href="data:,">
<style>${trusted(paletteStyle())}${trusted(textBeside('report.css'))}</style>
</head>
<body>
<header><h1>Proficiency report</h1>${contents(all)}</header>
<main>${all.map(instance)}</main>
<footer><p>Amazon Connect, read by connect-proficiency-exporter ${EXPORTER_VERSION}</p></footer>
<script>${trusted(script)}</script>
</body>
</html>
`.markup;
}
