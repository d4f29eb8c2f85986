/** Connect's routing criteria as JSON, wherever it comes from, with the fields named as its API names them. */

const FIELDS = [
  ...['Steps', 'ActivationTimestamp', 'Index', 'Expiry', 'Expression', 'Status'],
  ...['DurationInSeconds', 'ExpiryTimestamp'],
  ...['AttributeCondition', 'NotAttributeCondition', 'AndExpression', 'OrExpression'],
  ...['Name', 'Value', 'ProficiencyLevel', 'ComparisonOperator', 'MatchCriteria', 'AgentsCriteria'],
  ...['AgentIds', 'Range', 'MinProficiencyLevel', 'MaxProficiencyLevel'],
];

/** The comparison operators, as the data model of contact records lists them; the API's model takes any text. */
export const OPERATORS = ['NumberGreaterOrEqualTo', 'Range', 'Match'] as const;

/** Finds a word whatever its capitals. */
const finder = (words: readonly string[]) => {
  const byLowerCase = new Map(words.map((word) => [word.toLowerCase(), word]));
  return (word: string): string => byLowerCase.get(word.toLowerCase()) ?? word;
};
const fieldMeant = finder(FIELDS);
const operatorMeant = finder(OPERATORS);

/** Deeper than anybody writes, and far from what the stack bears. */
const DEEPEST = 64;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asOperator = (field: string, value: unknown): unknown =>
  field === 'ComparisonOperator' && typeof value === 'string' ? operatorMeant(value) : value;

/**
 * The same JSON with the API's capitals, and without fields that are null.
 *
 * @throws RangeError where it is nested deeper than anybody writes
 */
function withApiNames(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) throw new RangeError(`it is nested more than ${DEEPEST} levels deep`);
  if (Array.isArray(value)) return value.map((one) => withApiNames(one, depth + 1));
  if (!isObject(value)) return value;
  const fields = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(
    fields.map(([key, one]) => {
      const field = fieldMeant(key);
      return [field, asOperator(field, withApiNames(one, depth + 1))];
    }),
  );
}

/** What the criteria lie in: a request or the parameters of a flow's action, a flow's action, a described contact. */
const WRAPPERS = ['routingcriteria', 'parameters', 'contact'];

/** A value, and the fields that lead to it. */
export interface Found {
  readonly path: readonly string[];
  readonly value: unknown;
}

function unwrapped({ path, value }: Found): Found {
  if (!isObject(value)) return { path, value };
  const keys = Object.keys(value);
  if (keys.some((key) => fieldMeant(key) === 'Steps')) return { path, value };
  const wrapper = WRAPPERS.flatMap((one) => keys.find((key) => key.toLowerCase() === one) ?? [])[0];
  if (wrapper === undefined) return { path, value };
  return unwrapped({ path: [...path, wrapper], value: value[wrapper] });
}

/**
 * Finds the routing criteria in a JSON value: the criteria themselves, a request of `UpdateContactRoutingData`, an action of a flow, or what
 * `DescribeContact` answers. Flows and contact records differ from the API in capitals at most.
 *
 * @throws RangeError where they are nested deeper than anybody writes
 */
export function routingCriteriaIn(json: unknown): Found {
  const { path, value } = unwrapped({ path: [], value: json });
  return { path, value: withApiNames(value) };
}
