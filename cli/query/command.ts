import { Command, InvalidArgumentError, Option } from 'commander';
import { type Parameter, SAVED_QUERIES } from '../../sql/saved-queries.ts';
import {
  awsRegion,
  destination,
  refuseRegionOfFolder,
  WrongUsage,
  wholeNumber,
} from '../arguments.ts';
import { s3Location } from '../store/s3-location.ts';
import type { Answer } from './answer.ts';
import { FORMATS, type Format, formatAnswer } from './answer-formats.ts';
import { requireDuckDb } from './duckdb.ts';
import type { GivenParameters } from './parameters.ts';
import { print } from './print.ts';
import type { Extent } from './published-files.ts';
import { toQuestion } from './question.ts';
import type { Page } from './table.ts';

interface QueryOptions {
  readonly param?: GivenParameters;
  readonly out: string;
  readonly region?: string;
  readonly cache: boolean;
  readonly format: Format;
  readonly bom?: true;
  readonly limit?: number;
  readonly list?: true;
}

function collectParameter(text: string, collected: GivenParameters = {}): GivenParameters {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write it as name=value.');
  const name = text.slice(0, equals);
  if (Object.hasOwn(collected, name)) throw new InvalidArgumentError(`Give ${name} only once.`);
  return { ...collected, [name]: text.slice(equals + 1) };
}

const withDefault = ({ name, defaultLiteral }: Parameter): string =>
  `${name}=${defaultLiteral.startsWith('CAST(NULL') ? '' : defaultLiteral}`;

/** The saved queries as an answer, so that `--format` holds for it too. */
const savedQueries = (): Answer => ({
  columns: ['name', 'question', 'parameters and defaults'],
  rows: SAVED_QUERIES.map((query) => [
    query.name,
    query.question,
    query.parameters.map(withDefault).join('\n'),
  ]),
});

/** Asks the snapshots of a folder, and says on standard error what should be known about the answer. */
async function ask(
  folder: string,
  extent: Extent,
  query: string,
  param: GivenParameters,
): Promise<Answer> {
  const { openSnapshots } = await import('./snapshots.ts');
  const snapshots = await openSnapshots(folder, extent);
  try {
    const answered = await snapshots.run(query, param);
    for (const note of await snapshots.notesOn(query, param)) console.error(note);
    return answered;
  } finally {
    snapshots.close();
  }
}

async function answer(query: string, options: QueryOptions): Promise<Answer> {
  const { out, region, cache, param = {} } = options;
  // What is wrong whatever the snapshots hold is told first.
  toQuestion(query, param);
  refuseRegionOfFolder(out, region);
  await requireDuckDb();
  const location = s3Location(out);
  if (!location) return ask(out, 'whole', query, param);
  // The AWS SDK takes a while to load: only questions to a bucket wait for it.
  const { withExcerpt } = await import('../bucket/with-excerpt.ts');
  const { neededForQuery } = await import('../bucket/needed.ts');
  return withExcerpt(
    { location, region, keep: cache },
    (bucket) => neededForQuery(bucket, out, query, param),
    (folder, { notes }) => {
      for (const note of notes) console.error(note);
      return ask(folder, 'excerpt', query, param);
    },
  );
}

/** @throws WrongUsage where a byte order mark is asked for that would be in the way */
function refuseBomElsewhere({ bom, format }: QueryOptions): void {
  if (!bom || format === 'csv') return;
  throw new WrongUsage(
    `--bom is for --format csv, but --format is ${format}; give --format csv, or leave out --bom.`,
  );
}

/** @throws WrongUsage where parameters are given for no query */
function refuseParametersOfNothing(query: string | undefined, { param, list }: QueryOptions): void {
  if (param === undefined || (query !== undefined && !list)) return;
  throw new WrongUsage(
    `--param is for the answer to a saved query, but ${list ? '--list only lists them' : 'no query is given'}; name one, or leave out --param.`,
  );
}

const BYTE_ORDER_MARK = '\u{FEFF}';

function* withMark(pieces: Iterable<string>): Generator<string> {
  yield BYTE_ORDER_MARK;
  yield* pieces;
}

/** More would only push the first ones out of a terminal's memory. */
const ROWS_ON_TERMINAL = 200;

function pageOf({ format, limit }: QueryOptions): Page {
  const { isTTY, columns } = process.stdout;
  if (!isTTY || format !== 'table') return { limit };
  // Some terminals do not know their width, and say 0.
  return { width: columns || undefined, limit: limit ?? ROWS_ON_TERMINAL };
}

/** `proficiencies query`: runs Athena's saved queries, or any SQL, on the snapshots in a folder. */
export const queryCommand = (): Command =>
  new Command('query')
    .description(
      'answer a question from the snapshots in a folder; without one, list the saved questions',
    )
    .argument('[query]', 'the name of a saved query, or SQL (as DuckDB speaks it) in quotes')
    .option(
      '--param <name=value>',
      'a value for a parameter of a saved query; may be given several times',
      collectParameter,
    )
    .option('--out <folder>', 'a folder, or s3://bucket/prefix', destination, './out')
    .option('--region <region>', "AWS Region of the bucket; default: the profile's", awsRegion)
    .option('--no-cache', 'keep nothing of the bucket for the next question')
    .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('table'))
    .option('--bom', 'begin CSV with a byte order mark, by which Excel knows that it is UTF-8')
    .option(
      '--limit <number>',
      `rows to print at most; default: ${ROWS_ON_TERMINAL} of a table on a terminal, all anywhere else`,
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--list', 'list the saved queries with their parameters')
    .action(async (query: string | undefined, options: QueryOptions) => {
      refuseBomElsewhere(options);
      refuseParametersOfNothing(query, options);
      const wanted =
        query === undefined || options.list ? savedQueries() : await answer(query, options);
      const pieces = formatAnswer(wanted, options.format, pageOf(options));
      await print(options.bom ? withMark(pieces) : pieces, process.stdout);
    });
