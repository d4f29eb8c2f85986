import { SAVED_QUERIES, type SavedQuery } from '../../sql/saved-queries.ts';
import { WrongUsage } from '../arguments.ts';
import { tablesUpToDates } from './dates-asked.ts';
import { toDuckDb } from './dialect.ts';
import { didYouMean } from './did-you-mean.ts';
import { type BoundQuery, bindParameters, type GivenParameters } from './parameters.ts';

/** SQL always has a space or a bracket; a name never. */
const isName = (query: string): boolean => /^[\w-]*$/.test(query.trim());

const NAMES = SAVED_QUERIES.map((query) => query.name);

function savedQuery(name: string): SavedQuery {
  const found = SAVED_QUERIES.find((query) => query.name === name);
  if (found !== undefined) return found;
  const hint = didYouMean(name, NAMES) ?? `there are ${NAMES.join(', ')}.`;
  throw new WrongUsage(`There is no saved query "${name}"; ${hint}`);
}

/** Comments, and what only looks like one: in a text, in a name, between dollars. */
const COMMENT_OR_QUOTED =
  /--.*|\/\*[\s\S]*?\*\/|\b[eE]'(?:\\.|''|[^'\\])*'|'(?:''|[^'])*'|"(?:""|[^"])*"|\$(\w*)\$[\s\S]*?\$\1\$/g;

const isComment = (part: string): boolean => part.startsWith('--') || part.startsWith('/*');

/** SQL without its comments: they name tables that are not read, and may be all that there is. What is quoted stays. */
export const withoutComments = (sql: string): string =>
  sql.replaceAll(COMMENT_OR_QUOTED, (part) => (isComment(part) ? '' : part));

const isEmpty = (sql: string): boolean => /^[;\s]*$/.test(withoutComments(sql));

/**
 * What a person asks: a saved query by its name, or SQL of DuckDB.
 *
 * @param parameters replace the defaults of a saved query
 * @throws WrongUsage for an unknown name, a wrong parameter, or SQL without a statement
 */
export function toQuestion(query: string, parameters: GivenParameters): BoundQuery {
  if (isName(query)) {
    const { sql, values } = bindParameters(savedQuery(query.trim()), parameters);
    const inDuckDb = toDuckDb(sql);
    return { sql: inDuckDb, values, upToDates: tablesUpToDates(inDuckDb) };
  }
  if (isEmpty(query)) throw new WrongUsage('There is no statement in the SQL; write one.');
  if (Object.keys(parameters).length === 0) return { sql: query, values: {} };
  throw new WrongUsage(
    'SQL takes no parameters; write the values into it, or run a saved query by its name.',
  );
}

/** Of words that are no SQL, and may be the name of a saved query without its hyphens. */
export const nameMeant = (query: string): string | undefined =>
  /^[\w\s;-]+$/.test(query) ? didYouMean(query, NAMES) : undefined;
