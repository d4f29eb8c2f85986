import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { ExportFailure, type FailureName } from '../../contract/failure.ts';
import { USERS_AT_A_TIME } from '../../derive/compare.ts';
import { manifestOf } from '../../derive/published.ts';
import type { Store } from '../../export/ports.ts';
import { type Span, type Verdict, verifySpan } from '../../verify/verify-span.ts';
import { folderStore } from '../store/folder-store.ts';

/** What is asked of a process. */
export interface Question {
  readonly folder: string;
  /** By the clock of whoever verifies. */
  readonly now: Date;
  readonly span: Span;
}

/** What a process answers: verdicts, then one of the others. */
export type Answer =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'end' }
  | { readonly kind: 'failure'; readonly name: FailureName; readonly message: string }
  /** Nobody foresaw it. */
  | { readonly kind: 'error'; readonly error: unknown };

/** Days handed to a process at a time. The first of them costs two more: its rows say something new, and the day before must be read. */
const DAYS_EACH = 32;

/** A process takes some 150 MB. */
const MOST_PROCESSES = 4;

/** Rows of snapshots that are in memory at once, in all processes. */
const ROWS_AT_ONCE = 2 * USERS_AT_A_TIME;

/** The module beside this one, be it compiled or not. A thread would take less memory, but tsx loads no TypeScript in one on Node.js 20. */
const PROGRAM = fileURLToPath(new URL(`span-process${extname(import.meta.url)}`, import.meta.url));

function* piecesOf({ instanceId, days }: Span, daysEach: number): Generator<Span> {
  for (let from = 0; from < days.length; from += daysEach) {
    yield { instanceId, days: days.slice(from, from + daysEach) };
  }
}

/** The rows of the last snapshot of a span, as far as its manifest says. */
async function rowsIn(store: Store, { instanceId, days }: Span): Promise<number> {
  const last = days.at(-1)?.snapshotDate ?? '';
  try {
    return (await manifestOf(store, instanceId, last)).snapshot.rows;
  } catch (error) {
    if (error instanceof ExportFailure) return 0;
    throw error;
  }
}

/**
 * In how many processes to verify: as many as there are processors, unless there is little to do, or memory would not do.
 *
 * @param days of all instances
 * @param largest the rows of a snapshot, at most
 */
export function processesFor(processors: number, days: number, largest: number): number {
  const fitting = Math.max(1, Math.floor(ROWS_AT_ONCE / Math.max(1, largest)));
  return Math.min(processors, MOST_PROCESSES, Math.ceil(days / DAYS_EACH), fitting);
}

const endedEarly = (how: string): Answer => ({
  kind: 'failure',
  name: 'ServiceUnavailable',
  message: `A process of this verification ended before it was done (${how}): verify again, or fewer snapshots at a time, with --instance-id, --date or --since.`,
});

/** Hands a question to a process, and its answers on. @returns whether the process can take another question */
function ask(child: ChildProcess, question: Question, answers: PassThrough): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (last: Answer, isAlive: boolean): void => {
      child.off('message', hear).off('error', fail).off('exit', exit);
      answers.end(last);
      resolve(isAlive);
    };
    const hear = (answer: Answer): void => {
      if (answer.kind === 'verdict') answers.write(answer);
      else end(answer, true);
    };
    const fail = (error: Error): void => end(endedEarly(error.message), false);
    const exit = (code: number | null, signal: string | null): void =>
      end(endedEarly(signal ?? `exit code ${code}`), false);
    child.on('message', hear).on('error', fail).on('exit', exit).send(question);
  });
}

/**
 * Verifies spans of a folder in processes of their own; the verdicts come in the order of the spans.
 *
 * @param processes how many at once
 * @param program what they run. Default: `span-process.ts`
 * @throws ExportFailure what was thrown there; ServiceUnavailable where a process ended before it was done
 */
export async function* inProcesses(
  questions: readonly Question[],
  processes: number,
  program = PROGRAM,
): AsyncGenerator<Verdict> {
  const limit = pLimit(processes);
  const started: ChildProcess[] = [];
  const idle: ChildProcess[] = [];
  const start = (): ChildProcess => {
    // What it is killed by, its exit tells; what it throws comes as an answer.
    const child = fork(program, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    // Whoever waits for an answer hears of it too; without anybody, it would end this process.
    child.on('error', () => undefined);
    started.push(child);
    return child;
  };
  const answersTo = (question: Question): AsyncIterable<Answer> => {
    const answers = new PassThrough({ objectMode: true });
    void limit(async () => {
      const child = idle.pop() ?? start();
      if (await ask(child, question, answers)) idle.push(child);
    });
    return answers;
  };
  try {
    for (const answers of questions.map(answersTo)) {
      for await (const answer of answers) {
        if (answer.kind === 'error') throw answer.error;
        if (answer.kind === 'failure') throw new ExportFailure(answer.name, answer.message);
        if (answer.kind === 'verdict') yield answer.verdict;
      }
    }
  } finally {
    limit.clearQueue();
    for (const child of started) child.kill();
  }
}

/**
 * Verifies spans of a folder, long ones by several processors.
 *
 * @param now by the clock of whoever verifies
 */
export async function* verifyFolder(
  folder: string,
  now: Date,
  spans: readonly Span[],
): AsyncGenerator<Verdict> {
  const store = folderStore(folder);
  const pieces = spans.flatMap((span) => [...piecesOf(span, DAYS_EACH)]);
  const days = spans.reduce((sum, span) => sum + span.days.length, 0);
  const largest = Math.max(...(await Promise.all(pieces.map((piece) => rowsIn(store, piece)))));
  const processes = processesFor(availableParallelism(), days, largest);
  const questions = pieces.map((span) => ({ folder, now, span }));
  if (processes > 1) yield* inProcesses(questions, processes);
  else for (const span of spans) yield* verifySpan(store, now, span);
}
