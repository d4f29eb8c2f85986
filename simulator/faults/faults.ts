import * as z from 'zod';
import { OPERATION_NAMES } from '../operations.ts';

const share = z.number().min(0).max(1);
const callNumber = z.int().min(1);
const milliseconds = z.number().min(0);

const who = {
  /** Ids of users; only calls about one of them are met. */
  users: z.array(z.string()).optional(),
  /** Share of all users, chosen by the seed; only calls about one of them are met. */
  userFraction: share.optional(),
};

const saysWho = ({ users, userFraction }: { users?: unknown; userFraction?: unknown }): boolean =>
  users !== undefined || userFraction !== undefined;

const which = {
  /** Only calls to these; default all. */
  operations: z.array(z.enum(OPERATION_NAMES)).optional(),
  /** Spares the first so many calls to these operations. */
  afterCalls: z.int().min(0).optional(),
};

/** Which calls a fault meets: those for which everything that is given holds. */
const selection = {
  ...which,
  ...who,
  /** Chance per call, drawn from the seed. */
  probability: share.optional(),
  /** The n-th call, the 2n-th … of those not ruled out by the above. */
  everyNth: callNumber.optional(),
  /** Exactly these calls of those not ruled out by the above; the first is 1. */
  onCalls: z.array(callNumber).optional(),
  /** Stops after so many. */
  times: callNumber.optional(),
};

/**
 * What a bad answer lacks or holds: the first three in ListUsers, the next four in SearchUsers, the others in
 * ListUserProficiencies, `loneSurrogate` (half of an emoji, which JSON allows) at the end of the texts of all three.
 * `unknownPlacement` names a group and a routing profile that no list has. A user without proficiencies has none that could be bad.
 */
export const BAD_ANSWERS = [
  'missingUserId',
  'missingUsername',
  'missingUserTimes',
  'missingFoundId',
  'missingPlacement',
  'unknownPlacement',
  'tagsAsList',
  'missingAttributeName',
  'missingAttributeValue',
  'missingLevel',
  'levelSeven',
  'levelZero',
  'levelAsText',
  'missingTimes',
  'missingList',
  'notJson',
  'loneSurrogate',
] as const;

export type BadAnswer = (typeof BAD_ANSWERS)[number];

/** One thing that goes wrong. */
const faultSchema = z.discriminatedUnion('fault', [
  /** 500 InternalServiceException. */
  z.strictObject({ fault: z.literal('internalError'), ...selection }),
  /** The connection is cut: before any byte of the answer, or after half of its body. */
  z.strictObject({
    fault: z.literal('dropConnection'),
    when: z.enum(['beforeAnswer', 'midBody']),
    ...selection,
  }),
  /** 429 whatever the bucket holds; for a time from when the fault was set, or until it is taken back. */
  z.strictObject({ fault: z.literal('throttle'), forMs: milliseconds.optional(), ...selection }),
  /** 403 AccessDeniedException, as IAM gives it. */
  z.strictObject({ fault: z.literal('accessDenied'), ...selection }),
  /** 200 with a page of HTML in place of JSON. */
  z.strictObject({ fault: z.literal('notJson'), ...selection }),
  /** The answer comes so much later. */
  z.strictObject({ fault: z.literal('slow'), ms: milliseconds, ...selection }),
  /** 404 for the user from now on, or after so many calls about any user. ListUsers, which promises no isolation, and SearchUsers still have it. */
  z
    .strictObject({ fault: z.literal('deleted'), afterCalls: which.afterCalls, ...who })
    .refine(saysWho, { error: 'expected `users` or `userFraction` to say who is deleted' }),
  /** Every page comes after an empty one with a NextToken; the last one is followed by one, too. */
  z.strictObject({ fault: z.literal('emptyPages'), ...which }),
  /** No page has more entries than this. */
  z.strictObject({ fault: z.literal('shortPages'), size: callNumber, ...which }),
  /** Every page of users with room for two repeats one: the last of the page before or, on the first page, its own first. */
  z.strictObject({ fault: z.literal('duplicateUsers'), ...which }),
  /** Every page with room for two, but the first, begins with the last entry of the page before. */
  z.strictObject({ fault: z.literal('overlappingPages'), ...which }),
  /** The last page has a NextToken that leads back to the first: whoever asks on has the same pages again, without end. */
  z.strictObject({ fault: z.literal('endlessPages'), ...which }),
  /** SearchUsers knows what was so many days ago: not who came since, still who went, and old names and teams. Nothing is older than day 0. */
  z.strictObject({ fault: z.literal('laggingIndex'), days: callNumber }),
  /** SearchUsers does not know these users yet; its count of all users does. */
  z
    .strictObject({ fault: z.literal('unindexed'), ...who })
    .refine(saysWho, { error: 'expected `users` or `userFraction` to say who is not known' }),
  /** Named users are answered for in a way that the API does not allow. */
  z.strictObject({
    fault: z.literal('badAnswer'),
    answer: z.enum(BAD_ANSWERS),
    users: z.array(z.string()).min(1),
  }),
]);

/** All that goes wrong at a time. Where several would take the place of one answer, the first in this order does. */
export const faultsSchema = z.array(faultSchema);

export type Fault = z.infer<typeof faultSchema>;

/** What each fault strikes. Without its line here, and the code that the line asks for, a fault does not compile; but for `index`, it does nothing. */
const STRIKES = {
  internalError: 'answer',
  dropConnection: 'answer',
  throttle: 'answer',
  accessDenied: 'answer',
  deleted: 'answer',
  notJson: 'answer',
  slow: 'delay',
  emptyPages: 'pages',
  shortPages: 'pages',
  duplicateUsers: 'pages',
  overlappingPages: 'pages',
  endlessPages: 'pages',
  laggingIndex: 'index',
  unindexed: 'index',
  badAnswer: 'content',
} as const satisfies Record<Fault['fault'], 'answer' | 'delay' | 'pages' | 'index' | 'content'>;

/**
 * What a fault strikes: `answer` takes the place of an answer, `delay` comes before it, `pages` cuts listings into odd
 * pages, `index` is what SearchUsers knows, `content` spoils what is said of a user.
 */
type Struck = (typeof STRIKES)[Fault['fault']];

type NameOf<Part extends Struck> = {
  [Name in Fault['fault']]: (typeof STRIKES)[Name] extends Part ? Name : never;
}[Fault['fault']];

/** The faults that strike one of these. */
export type FaultOf<Part extends Struck> = Extract<Fault, { fault: NameOf<Part> }>;

/** Whether a fault strikes one of these. */
export const striking =
  <Part extends Struck>(...parts: readonly Part[]) =>
  (fault: Fault): fault is FaultOf<Part> =>
    parts.some((part) => part === STRIKES[fault.fault]);
