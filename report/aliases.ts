import { ExportFailure } from '../contract/failure.ts';

/**
 * What people call instances, by instance id; the alias of the only one that a report is about is under an empty id. A snapshot does
 * not know it.
 */
export type Aliases = Readonly<Record<string, string>>;

/** The id under which the alias of the only instance is. */
export const THE_ONLY_ONE = '';

const refusal = (why: string, ids: readonly string[]): ExportFailure =>
  new ExportFailure('InvalidRequest', `${why} the report is about ${ids.join(', ')}.`);

/**
 * The aliases of the instances that a report is about, by their ids.
 *
 * @throws ExportFailure InvalidRequest where one is given of an instance that is not among them, or of the only one where there are more
 */
export function aliasesAmong(
  ids: readonly string[],
  { [THE_ONLY_ONE]: ofTheOnlyOne, ...given }: Aliases,
): Aliases {
  const another = Object.keys(given).find((id) => !ids.includes(id));
  if (another !== undefined) {
    throw refusal(`There is no instance ${another} to call ${given[another]}:`, ids);
  }
  const [first = '', ...others] = ids;
  if (ofTheOnlyOne === undefined) return given;
  if (others.length === 0) return { [first]: ofTheOnlyOne };
  throw refusal(
    `Say which instance is called ${ofTheOnlyOne}, as <instance id>=${ofTheOnlyOne}:`,
    ids,
  );
}
