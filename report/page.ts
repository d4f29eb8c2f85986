import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXPORTER_VERSION } from '../contract/version.ts';
import type { Facts } from './facts.ts';
import { LANGUAGE } from './format.ts';
import { type Html, html, trusted } from './html.ts';
import { paletteStyle } from './palette.ts';
import { againstTargetsSection } from './sections/against-targets.ts';
import { changesSection } from './sections/changes.ts';
import { countsSection } from './sections/counts.ts';
import { coverageSection } from './sections/coverage.ts';
import { runsSection } from './sections/runs.ts';
import { singlePointsSection } from './sections/single-points.ts';
import { summary } from './sections/summary.ts';

const STYLE_SHEET = fileURLToPath(new URL('report.css', import.meta.url));

/** The browser itself refuses what the report must not do: ask the network, run a script. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const instance = (facts: Facts): Html => html`
<article aria-labelledby="${facts.instanceId}">
<h2 id="${facts.instanceId}">Instance <span class="id">${facts.instanceId}</span></h2>
${summary(facts)}
${coverageSection(facts)}
${againstTargetsSection(facts)}
${singlePointsSection(facts)}
${changesSection(facts)}
${countsSection(facts)}
${runsSection(facts)}
</article>`;

const contents = (all: readonly Facts[]): Html =>
  all.length < 2
    ? html``
    : html`
<nav aria-label="Instances"><ul>
${all.map(({ instanceId, date }) => html`<li><a href="#${instanceId}">${instanceId}</a>, ${date}</li>\n`)}</ul></nav>`;

/** The report as one HTML document that needs nothing else. */
export const page = (all: readonly Facts[]): string =>
  html`<!doctype html>
<html lang="${LANGUAGE}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Proficiency report, ${all
    .map(({ date }) => date)
    .toSorted()
    .at(-1)}</title>
<link rel="icon" href="data:,">
<style>${trusted(paletteStyle())}${trusted(readFileSync(STYLE_SHEET, 'utf8'))}</style>
</head>
<body>
<header><h1>Proficiency report</h1>${contents(all)}</header>
<main>${all.map(instance)}</main>
<footer><p>Amazon Connect, read by connect-proficiency-exporter ${EXPORTER_VERSION}</p></footer>
</body>
</html>
`.markup;
