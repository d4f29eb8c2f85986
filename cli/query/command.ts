import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Parameter, SAVED_QUERIES } from '../../sql/saved-queries.ts';
import { awsRegion, destination, file, WrongUsage, wholeNumber } from '../arguments.ts';
import { replaceWhole, writeFileWhole } from '../store/durable-file.ts';
import type { Answer } from './answer.ts';
import {
  FILE_FORMATS,
  type FileFormat,
  FORMATS,
  type Format,
  formatAnswer,
  isFileFormat,
} from './answer-formats.ts';
import type { GivenParameters } from './parameters.ts';
import { print } from './print.ts';
import type { Page } from './table.ts';
import { type Asking, withSnapshots } from './with-snapshots.ts';

interface QueryOptions {
  readonly param?: GivenParameters;
  readonly out: string;
  readonly region?: string;
  readonly cache: boolean;
  readonly format: Format | FileFormat;
  readonly to?: string;
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

const toAsking = (query: string, { param, out, region, cache }: QueryOptions): Asking => ({
  query,
  parameters: param ?? {},
  place: out,
  region,
  keep: cache,
});

/** What is wanted as a file. */
interface FileWanted {
  readonly query: string;
  readonly format: FileFormat;
  readonly path: string;
}

/** Answers into a file: a workbook is made here, a Parquet file by DuckDB. */
async function writeAnswer(
  { query, format, path }: FileWanted,
  options: QueryOptions,
): Promise<void> {
  const { limit } = options;
  const asking = toAsking(query, options);
  const { parameters } = asking;
  if (format === 'parquet') {
    await replaceWhole(path, (staged) =>
      withSnapshots(asking, (snapshots) =>
        snapshots.writeParquet(query, parameters, { path: staged, limit }),
      ),
    );
  } else {
    const answer = await withSnapshots(asking, (one) => one.runTyped(query, parameters));
    // The library takes a while to load: only a workbook waits for it.
    const { asWorkbook } = await import('./spreadsheet.ts');
    await writeFileWhole(path, await asWorkbook({ ...answer, rows: answer.rows.slice(0, limit) }));
  }
  console.log(`Answer written to ${path}`);
}

/** @throws WrongUsage where a byte order mark is asked for that would be in the way */
function refuseBomElsewhere({ bom, format }: QueryOptions): void {
  if (!bom || format === 'csv') return;
  throw new WrongUsage(
    `--bom is for --format csv, but --format is ${format}; give --format csv, or leave out --bom.`,
  );
}

/**
 * Either a file, or the format to print in.
 *
 * @throws WrongUsage where a file is wanted of what is printed, or the reverse
 */
function formWanted(
  query: string | undefined,
  { format, to, list }: QueryOptions,
): FileWanted | Format {
  if (!isFileFormat(format)) {
    if (to === undefined) return format;
    throw new WrongUsage(
      `--to is for --format ${FILE_FORMATS.join(' and ')}, but --format is ${format}; redirect the output to a file by >.`,
    );
  }
  if (query === undefined || list) {
    throw new WrongUsage(`--format ${format} is for the answer to a query; name one.`);
  }
  if (to === undefined) {
    throw new WrongUsage(
      `--format ${format} makes a file; say which by --to, such as --to answer.${format}.`,
    );
  }
  return { query, format, path: resolve(to) };
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

async function run(query: string | undefined, options: QueryOptions): Promise<void> {
  refuseBomElsewhere(options);
  refuseParametersOfNothing(query, options);
  const wanted = formWanted(query, options);
  if (typeof wanted !== 'string') return writeAnswer(wanted, options);
  const answer =
    query === undefined || options.list
      ? savedQueries()
      : await withSnapshots(toAsking(query, options), (one) => one.run(query, options.param));
  const pieces = formatAnswer(answer, wanted, pageOf(options));
  await print(options.bom ? withMark(pieces) : pieces, process.stdout);
}

/** `proficiencies query`: runs Athena's saved queries, or any SQL, on the snapshots in a folder. */
export const queryCommand = (): Command =>
  new Command('query')
    .description(
      'answer a question from the snapshots in a folder or bucket; without one, list the saved questions',
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
    .addOption(
      new Option('--format <format>', 'how to print, or the file to write')
        .choices([...FORMATS, ...FILE_FORMATS])
        .default('table'),
    )
    .option('--to <file>', 'the file to write, of --format xlsx and parquet', file)
    .option('--bom', 'begin CSV with a byte order mark, by which Excel knows that it is UTF-8')
    .option(
      '--limit <number>',
      `rows to print at most; default: ${ROWS_ON_TERMINAL} of a table on a terminal, all anywhere else`,
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--list', 'list the saved queries with their parameters')
    .action(run);
