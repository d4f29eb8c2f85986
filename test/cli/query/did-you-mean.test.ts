import { didYouMean, probablyMeant } from '../../../cli/query/did-you-mean.ts';
import { SAVED_QUERIES } from '../../../sql/saved-queries.ts';

const QUERIES = SAVED_QUERIES.map(({ name }) => name);
const PARAMETERS = ['attribute_name', 'attribute_value', 'minimum_level'];

it.each([
  ['coverage', 'coverage-matrix'],
  ['coverages', 'coverage-matrix'],
  ['matrix-coverage', 'coverage-matrix'],
  ['covrage-matrx', 'coverage-matrix'],
  ['CoverageMatrix', 'coverage-matrix'],
  ['singel-point-of-failure', 'single-points-of-failure'],
  ['singlepointsoffailure', 'single-points-of-failure'],
  ['points', 'single-points-of-failure'],
  ['agents-with-proficiencies', 'agents-with-proficiency'],
  ['agents-lacking-proficiencies', 'agents-lacking-proficiency'],
  ['agent-without-proficiency', 'agents-without-proficiencies'],
  ['health of exports', 'export-health'],
])('who says %s means the query %s', (given, meant) => {
  expect(probablyMeant(given, QUERIES)).toContain(meant);
});

it.each([
  ['level', 'minimum_level'],
  ['minimumLevel', 'minimum_level'],
  ['min_levels', 'minimum_level'],
  ['values', 'attribute_value'],
  ['name-of-attribute', 'attribute_name'],
])('who says %s means the parameter %s alone', (given, meant) => {
  expect(probablyMeant(given, PARAMETERS)).toEqual([meant]);
});

it('of several that are nearly as likely, all are told', () => {
  expect(didYouMean('agents-with-proficiencies', QUERIES)).toBe(
    'did you mean agents-with-both-proficiencies, agents-without-proficiencies or agents-with-proficiency?',
  );
});

it.each(['nonsense', '', 'a', '-', 'coverage-matrix', "'; DROP TABLE"])(
  'nothing is meant by %j',
  (given) => {
    expect(didYouMean(given, QUERIES)).toBeUndefined();
  },
);
