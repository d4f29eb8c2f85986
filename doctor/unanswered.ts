import { serviceOf, Unanswered, unansweredFailure } from '../aws/ask.ts';
import { ExportFailure } from '../contract/failure.ts';
import { CAUSES } from '../lambda/aws-causes.ts';
import { type AwsFault, faultInWords, quoted } from '../lambda/aws-fault.ts';
import { type Finding, failed, inDocument, inRunbook } from './check.ts';

/** Where Lake Formation is in the way, Glue and Athena say so, and IAM alone cannot mend it. */
export const isOfLakeFormation = ({ reason }: Pick<AwsFault, 'reason'>): boolean =>
  /lake ?formation/i.test(reason);

/** Where a document says what Lake Formation has to be told. */
export const GIVING_ACCESS = inDocument('athena.md', 'Giving analysts access');

function remedyFor({ fault }: Unanswered): string {
  if (isOfLakeFormation(fault)) return GIVING_ACCESS;
  if (fault.cause === 'throttled') return 'run doctor again in a minute';
  if (fault.cause === 'denied') return inDocument('configuration.md', 'What doctor may read');
  return inRunbook(CAUSES[fault.cause].runbook);
}

function inSentence(error: Unanswered): string {
  const { call, fault } = error;
  const quote = `(${faultInWords(fault)}; ${quoted(fault)})`;
  if (isOfLakeFormation(fault)) return `AWS Lake Formation stands before ${call} ${quote}`;
  if (fault.cause === 'throttled') return `${serviceOf(call)} throttled ${call} ${quote}`;
  return unansweredFailure(error).message.replace(/\.$/, '');
}

/** Puts a request that was not answered into one line. */
export const unanswered = (error: Unanswered): Finding =>
  failed(inSentence(error), remedyFor(error));

/** A failure's sentence ends with what to do; for what was given wrongly the runbook knows no more. */
function inOwnWords({ name, message }: ExportFailure): Finding {
  const sentence = message.replace(/\.$/, '');
  const [, says, remedy] = /^(.+): (.+?)$/.exec(sentence) ?? [];
  return name === 'InvalidRequest' && says !== undefined && remedy !== undefined
    ? failed(says, remedy)
    : failed(sentence, inRunbook(name));
}

/** The line of what AWS refused, or of what is told in a sentence; `undefined` of anything else that is thrown. */
export function lineOfFailure(error: unknown): Finding | undefined {
  if (error instanceof Unanswered) return unanswered(error);
  return error instanceof ExportFailure ? inOwnWords(error) : undefined;
}

/** The same, for a catch. @throws whatever else was thrown */
export function lineOrThrow(error: unknown): Finding {
  const line = lineOfFailure(error);
  if (line === undefined) throw error;
  return line;
}

/** A line for each of several questions of one check: one that fails does not keep the others back. */
export const lineFor = (finding: Promise<Finding>): Promise<Finding> => finding.catch(lineOrThrow);
