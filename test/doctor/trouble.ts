import type { Mark } from '../../doctor/check.ts';
import type { StandInAnswer } from '../support/aws-stand-in.ts';
import { ACCOUNT } from '../support/deployed-answers.ts';
import type { OperatorsWorld } from './operators-world.ts';

/** Something that is not well, and the line that says so. */
export interface Trouble {
  readonly check: string;
  readonly of: string;
  readonly arrange: (world: OperatorsWorld) => void;
  readonly mark: Mark;
  readonly says: RegExp;
  readonly remedy?: RegExp;
  /** The checks that are not asked then, or find otherwise; default: none but its own. */
  readonly disturbs?: readonly string[] | 'all';
}

/** How AWS denies a request; the older services call it `AccessDenied`. */
export const denied = (error = 'AccessDeniedException'): StandInAnswer => ({
  error,
  message: `User: arn:aws:iam::${ACCOUNT}:user/jane is not authorized to perform this`,
});

/** Has AWS answer a request so. */
export const answered =
  (call: string, answer: StandInAnswer) =>
  ({ standIn }: OperatorsWorld): void =>
    standIn.answer(call, answer);
