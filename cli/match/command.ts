import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { isNativeError } from 'node:util/types';
import { Command, Option } from 'commander';
import { ExportFailure } from '../../contract/failure.ts';
import {
  awsRegion,
  destination,
  instanceId,
  refuseRegionOfFolder,
  WrongUsage,
  wholeNumber,
} from '../arguments.ts';
import { FORMATS, type Format } from '../query/answer-formats.ts';
import { print } from '../query/print.ts';
import type { Where } from './match-snapshot.ts';
import { formatMatching } from './output.ts';
import type { MatchResult } from './tally.ts';

interface MatchOptions extends Where {
  readonly format: Format;
  readonly limit?: number;
  readonly failBelow?: number;
}

/** Enough to see who they are; whoever wants all has a spreadsheet or a program for it. */
const AGENTS_IN_TABLE = 20;

const STANDARD_INPUT = '-';

/** @throws WrongUsage where there is no such file */
async function read(path: string, standardInput: Readable): Promise<string> {
  if (path === STANDARD_INPUT) return text(standardInput);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = isNativeError(error) ? error.message : String(error);
    throw new WrongUsage(
      `The criteria cannot be read (${why}); give a JSON file, or - for standard input.`,
    );
  }
}

/** @throws ExportFailure where a step has fewer agents than are asked for */
function checkCounts({ steps }: MatchResult, failBelow: number): void {
  const scarce = steps.filter(({ agents }) => agents < failBelow);
  if (scarce.length === 0) return;
  const each = scarce.map(({ step, agents }) => `step ${step} has ${agents}`).join(', ');
  throw new ExportFailure(
    'InvalidRequest',
    `There are steps with fewer than ${failBelow} agents (${each}); relax them, or train more people.`,
  );
}

async function run(path: string, options: MatchOptions): Promise<void> {
  refuseRegionOfFolder(options.out, options.region);
  const { parseCriteria } = await import('./criteria.ts');
  const from = path === STANDARD_INPUT ? 'The standard input' : path;
  const steps = parseCriteria(await read(path, process.stdin), from);

  // The AWS SDK takes a while to load: wrong criteria are told before.
  const { matchSnapshot } = await import('./match-snapshot.ts');
  const { format, failBelow } = options;
  const limit = options.limit ?? (format === 'table' ? AGENTS_IN_TABLE : Number.POSITIVE_INFINITY);
  const matching = await matchSnapshot(steps, options, limit);
  for (const doubt of matching.doubts) console.error(doubt);
  // Some terminals do not know their width, and say 0.
  const page = { width: process.stdout.columns || undefined };
  await print(formatMatching(matching, format, page), process.stdout);
  if (failBelow !== undefined) checkCounts(matching.result, failBelow);
}

/** `proficiencies match`: how many agents satisfy each step of Connect's routing criteria, and who they are. */
export const matchCommand = (): Command =>
  new Command('match')
    .description(
      'try routing criteria on the newest snapshot: how many agents satisfy each step, and who',
    )
    .argument(
      '<criteria>',
      'a JSON file with routing criteria as Connect takes them; - reads standard input',
    )
    .option('--out <folder>', 'a folder, or s3://bucket/prefix', destination, './out')
    .option('--instance-id <id>', 'the instance, by id or ARN; default: the only one', instanceId)
    .option('--region <region>', "AWS Region of the bucket; default: the profile's", awsRegion)
    .addOption(
      new Option('--format <format>', 'tables, the agents as CSV, or everything as JSON')
        .choices(FORMATS)
        .default('table'),
    )
    .option(
      '--limit <number>',
      `agents to name at most; default: ${AGENTS_IN_TABLE} in tables, all in CSV and JSON`,
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--fail-below <agents>',
      'fail where fewer agents than this satisfy a step',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .action(run);
