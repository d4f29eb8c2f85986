import { Command, CommanderError } from 'commander';
import { COMMAND_NAME } from '../contract/command-name.ts';
import { ExportFailure } from '../contract/failure.ts';
import { EXPORTER_VERSION } from '../contract/version.ts';
import { WrongUsage } from './arguments.ts';
import { deriveCommand } from './derive/command.ts';
import { doctorCommand } from './doctor/command.ts';
import { exportCommand } from './export/command.ts';
import { Interrupted } from './export/interruption.ts';
import { matchCommand } from './match/command.ts';
import { queryCommand } from './query/command.ts';
import { reportCommand } from './report/command.ts';
import { simulateCommand } from './simulate/command.ts';
import { statusCommand } from './status/command.ts';
import { verifyCommand } from './verify/command.ts';

const EXIT = { done: 0, failed: 1, wrongUsage: 2 } as const;

const HELP_HINT = '(see --help)';

const EXIT_CODES = `
Exit codes:
  ${EXIT.done}  done
  ${EXIT.failed}  it could not be done; one sentence says why
  ${EXIT.wrongUsage}  wrong usage: no such command, option or query, or a value that it does not take`;

const commandLine = (): Command => {
  const program = new Command(COMMAND_NAME)
    .description("Snapshots of every Amazon Connect user's proficiencies")
    .version(EXPORTER_VERSION)
    .addCommand(doctorCommand())
    .addCommand(statusCommand())
    .addCommand(exportCommand())
    .addCommand(queryCommand())
    .addCommand(reportCommand())
    .addCommand(matchCommand())
    .addCommand(verifyCommand())
    .addCommand(deriveCommand())
    .addCommand(simulateCommand());
  for (const command of [program, ...program.commands]) {
    command.exitOverride().showHelpAfterError(HELP_HINT).addHelpText('after', EXIT_CODES);
  }
  return program;
};

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
  if (error instanceof WrongUsage) {
    console.error(`error: ${error.message}\n${HELP_HINT}`);
    return EXIT.wrongUsage;
  }
  // What we foresaw is one sentence; what we did not comes with its stack.
  const foreseen = error instanceof ExportFailure || error instanceof Interrupted;
  console.error(foreseen ? error.message : error);
  return EXIT.failed;
}

/**
 * The SDK knows AWS_REGION alone. The AWS CLI reads AWS_DEFAULT_REGION too, before the profile: whoever has set it means the
 * same Region by both, and an instance's replica has the same id in another one.
 */
function heedDefaultRegion(environment: NodeJS.ProcessEnv): void {
  const { AWS_REGION, AWS_DEFAULT_REGION } = environment;
  if (!AWS_REGION && AWS_DEFAULT_REGION) environment.AWS_REGION = AWS_DEFAULT_REGION;
}

/** The AWS CLI reads it before AWS_PROFILE; the SDK does not know it. */
function heedDefaultProfile(environment: NodeJS.ProcessEnv): void {
  const { AWS_DEFAULT_PROFILE } = environment;
  if (AWS_DEFAULT_PROFILE) environment.AWS_PROFILE = AWS_DEFAULT_PROFILE;
}

/** The exit code after some work, as that of a command: 0 done, 1 failed, 2 wrong usage. What was foreseen is told in a sentence. */
export async function exitCodeAfter(work: () => Promise<unknown>): Promise<number> {
  try {
    await work();
    return EXIT.done;
  } catch (error) {
    return exitCodeOf(error);
  }
}

/**
 * Runs a command line.
 *
 * @param words those after the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage
 */
export function runCommandLine(words: readonly string[]): Promise<number> {
  heedDefaultRegion(process.env);
  heedDefaultProfile(process.env);
  return exitCodeAfter(() => commandLine().parseAsync(words, { from: 'user' }));
}
