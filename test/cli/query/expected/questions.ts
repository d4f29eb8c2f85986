import type { PublishedWorld } from '../../../support/published-world.ts';
import { BUSY, KNOWN_TARGETS, ODD, SMALL } from '../known-world.ts';
import * as agents from './agents.ts';
import * as attributes from './attributes.ts';
import * as changes from './changes.ts';
import * as history from './history.ts';
import { differencesBetweenInstances } from './instances.ts';
import * as latest from './latest.ts';
import type { Line } from './lines.ts';
import { exportHealth } from './runs.ts';
import { coverageByTeam } from './teams.ts';
import { agentsToTrainNext } from './training.ts';
import { proficiencyTrend } from './trend.ts';

/** A saved query, parameters, and the answer over a world, worked out without SQL. */
export type Question = readonly [
  query: string,
  parameters: Readonly<Record<string, string>>,
  answer: (world: PublishedWorld) => readonly Line[],
];

const FRENCH = { name: 'Language', value: 'French', level: 4 };
const DATA_PROTECTION = { name: 'Certification', value: 'Data protection 2026', level: 3 };
const AS_OF = '2026-11-24';

/** The lines of every view, worked out without SQL. */
export const VIEW_LINES: readonly (readonly [
  view: string,
  (world: PublishedWorld) => readonly Line[],
])[] = [
  ['proficiencies_flat', latest.proficienciesFlat],
  ['latest_proficiencies', latest.latestProficiencies],
  ['proficiency_changes', changes.proficiencyChanges],
  ['user_changes', changes.userChanges],
];

/** Every saved query, over worlds with the known targets, with its defaults and with other parameters; those whose default is today have a date. */
export const QUESTIONS: readonly Question[] = [
  ['agents-with-proficiency', {}, (world) => latest.agentsWithProficiency(world, FRENCH)],
  [
    'agents-with-proficiency',
    { attribute_name: ODD, attribute_value: ODD, minimum_level: '4.5' },
    (world) => latest.agentsWithProficiency(world, { name: ODD, value: ODD, level: 4.5 }),
  ],
  [
    'agents-with-proficiency',
    { team: ODD, routing_profile: 'Sales' },
    (world) => latest.agentsWithProficiency(world, FRENCH, { team: ODD, routingProfile: 'Sales' }),
  ],
  ['coverage-matrix', {}, (world) => latest.coverageMatrix(world)],
  [
    'coverage-matrix',
    { team: 'Berlin' },
    (world) => latest.coverageMatrix(world, { team: 'Berlin' }),
  ],
  [
    'coverage-by-team',
    {},
    (world) => coverageByTeam(world, { name: 'Language', level: 4, depth: 2 }),
  ],
  [
    'coverage-by-team',
    { attribute_value: 'Klingon', minimum_level: '2.5', hierarchy_level: '5' },
    (world) => coverageByTeam(world, { name: 'Language', value: 'Klingon', level: 2.5, depth: 5 }),
  ],
  [
    'coverage-by-team',
    { hierarchy_level: '1', routing_profile: 'Sales' },
    (world) =>
      coverageByTeam(world, { name: 'Language', level: 4, depth: 1, routingProfile: 'Sales' }),
  ],
  ['coverage-against-targets', {}, (world) => latest.coverageAgainstTargets(world, KNOWN_TARGETS)],
  ['single-points-of-failure', {}, (world) => latest.singlePointsOfFailure(world, 4, 1)],
  [
    'single-points-of-failure',
    { minimum_level: '2', maximum_agents: '4' },
    (world) => latest.singlePointsOfFailure(world, 2, 4),
  ],
  [
    'single-points-of-failure',
    { minimum_level: '2', team: 'Berlin' },
    (world) => latest.singlePointsOfFailure(world, 2, 1, { team: 'Berlin' }),
  ],
  ['agents-without-proficiencies', {}, latest.agentsWithoutProficiencies],
  [
    'agents-lacking-proficiency',
    {},
    (world) => latest.agentsLackingProficiency(world, DATA_PROTECTION),
  ],
  [
    'agents-lacking-proficiency',
    { attribute_name: 'Language', attribute_value: 'French', minimum_level: '4' },
    (world) => latest.agentsLackingProficiency(world, FRENCH),
  ],
  [
    'agents-lacking-proficiency',
    { attribute_name: ODD, attribute_value: ODD, minimum_level: '4.5' },
    (world) => latest.agentsLackingProficiency(world, { name: ODD, value: ODD, level: 4.5 }),
  ],
  [
    'agents-lacking-proficiency',
    { routing_profile: 'Sales', team: 'Berlin' },
    (world) =>
      latest.agentsLackingProficiency(world, DATA_PROTECTION, {
        team: 'Berlin',
        routingProfile: 'Sales',
      }),
  ],
  ['changes-between-dates', {}, changes.changesBetweenDates],
  [
    'changes-between-dates',
    { from_date: '2026-11-18', to_date: '2026-11-21' },
    (world) => changes.changesBetweenDates(world, '2026-11-18', '2026-11-21'),
  ],
  [
    'changes-between-dates',
    { from_date: '2026-11-20' },
    (world) => changes.changesBetweenDates(world, '2026-11-20'),
  ],
  ['agent-history', {}, (world) => history.agentHistory(world, history.changedLast(world))],
  ['agent-history', { agent: 'ann' }, (world) => history.agentHistory(world, 'ann')],
  ['agent-history', { agent: 'user-ann' }, (world) => history.agentHistory(world, 'user-ann')],
  ['agent-history', { agent: 'bob' }, (world) => history.agentHistory(world, 'bob')],
  ['agent-history', { agent: ODD }, (world) => history.agentHistory(world, ODD)],
  ['agent-history', { agent: "cem o'hara" }, (world) => history.agentHistory(world, "cem o'hara")],
  ['skills-nobody-has', {}, attributes.skillsNobodyHas],
  ['values-not-defined-any-more', {}, attributes.valuesNotDefined],
  ['abandoned-proficiencies', {}, history.abandonedProficiencies],
  ['export-health', { as_of: AS_OF }, (world) => exportHealth(world, AS_OF)],
  ['agents-near-proficiency-limit', {}, (world) => latest.agentsNearProficiencyLimit(world, 10, 9)],
  [
    'agents-near-proficiency-limit',
    { proficiency_limit: '3', warn_at: '1' },
    (world) => latest.agentsNearProficiencyLimit(world, 3, 1),
  ],
  [
    'agents-with-both-proficiencies',
    {},
    (world) => agents.agentsWithBoth(world, [FRENCH, DATA_PROTECTION]),
  ],
  [
    'agents-with-both-proficiencies',
    {
      attribute_name: ODD,
      attribute_value: ODD,
      minimum_level: '4.5',
      other_attribute_name: 'Language',
      other_attribute_value: 'French',
      other_minimum_level: '2',
    },
    (world) =>
      agents.agentsWithBoth(world, [
        { name: ODD, value: ODD, level: 4.5 },
        { ...FRENCH, level: 2 },
      ]),
  ],
  [
    'agents-with-both-proficiencies',
    { team: 'E', routing_profile: 'Sales' },
    (world) =>
      agents.agentsWithBoth(world, [FRENCH, DATA_PROTECTION], {
        team: 'E',
        routingProfile: 'Sales',
      }),
  ],
  ['agents-unchanged-since', {}, (world) => agents.agentsUnchangedSince(world, 365)],
  ['agents-unchanged-since', { days: '3' }, (world) => agents.agentsUnchangedSince(world, 3)],
  [
    'agents-unchanged-since',
    { days: '0', team: ODD, routing_profile: 'Sales' },
    (world) => agents.agentsUnchangedSince(world, 0, { team: ODD, routingProfile: 'Sales' }),
  ],
  ['differences-between-instances', {}, (world) => differencesBetweenInstances(world)],
  [
    'differences-between-instances',
    { instance_id: SMALL, missing_in: BUSY },
    (world) => differencesBetweenInstances(world, { instanceId: SMALL, missingIn: BUSY }),
  ],
  ['proficiency-trend', {}, (world) => proficiencyTrend(world, FRENCH, 'month')],
  ['proficiency-trend', { period: 'week' }, (world) => proficiencyTrend(world, FRENCH, 'week')],
  [
    'proficiency-trend',
    { attribute_value: 'Klingon', minimum_level: '2.5', period: 'day' },
    (world) => proficiencyTrend(world, { ...FRENCH, value: 'Klingon', level: 2.5 }, 'day'),
  ],
  [
    'proficiency-trend',
    { attribute_name: ODD, attribute_value: ODD, minimum_level: '4.5', period: 'day' },
    (world) => proficiencyTrend(world, { name: ODD, value: ODD, level: 4.5 }, 'day'),
  ],
  [
    'agents-to-train-next',
    {},
    (world) =>
      agentsToTrainNext(world, KNOWN_TARGETS, { candidates: 3, agents: 2, level: 4, limit: 10 }),
  ],
  [
    'agents-to-train-next',
    { candidates: '1', minimum_agents: '0' },
    (world) =>
      agentsToTrainNext(world, KNOWN_TARGETS, { candidates: 1, agents: 0, level: 4, limit: 10 }),
  ],
  [
    'agents-to-train-next',
    { candidates: '9', minimum_agents: '5', minimum_level: '3.5', proficiency_limit: '2' },
    (world) =>
      agentsToTrainNext(world, KNOWN_TARGETS, { candidates: 9, agents: 5, level: 3.5, limit: 2 }),
  ],
];
