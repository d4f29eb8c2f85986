import { ExportFailure } from '../contract/failure.ts';

/**
 * What people call instances, by instance id: no snapshot knows that. Under `THE_ONLY_ONE` is the alias of the only instance that a
 * report is about.
 */
export type Aliases = Readonly<Record<string, string>>;

/** Stands for the id of an instance that needs no name, for there is no other. */
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
