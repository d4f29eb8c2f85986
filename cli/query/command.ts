import { Command, InvalidArgumentError, Option } from 'commander';
import { type Parameter, SAVED_QUERIES } from '../../sql/saved-queries.ts';
import { snapshotFolder, WrongUsage, wholeNumber } from '../arguments.ts';
import type { Answer } from './answer.ts';
import { FORMATS, type Format, formatAnswer } from './answer-formats.ts';
import { requireDuckDb } from './duckdb.ts';
import type { GivenParameters } from './parameters.ts';
import { print } from './print.ts';
import { toQuestion } from './question.ts';
import type { Page } from './table.ts';

interface QueryOptions {
  readonly param?: GivenParameters;
  readonly out: string;
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

async function answer(query: string, { out, param = {} }: QueryOptions): Promise<Answer> {
  // What is wrong whatever the folder holds is told first.
  toQuestion(query, param);
  await requireDuckDb();
  const { openSnapshots } = await import('./snapshots.ts');
  const snapshots = await openSnapshots(out);
  try {
    const answered = await snapshots.run(query, param);
    for (const note of await snapshots.notesOn(query, param)) console.error(note);
    return answered;
  } finally {
    snapshots.close();
  }
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
    .option('--out <folder>', 'the folder that was exported to', snapshotFolder, './out')
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
