import { SearchUsersCommand, type UserProficiency } from '@aws-sdk/client-connect';
import { ask, Unanswered } from '../../aws/ask.ts';
import { faultInWords, quoted } from '../../lambda/aws-fault.ts';
import { type Check, type Finding, notAsked, ok } from '../check.ts';
import { inWords } from '../durations.ts';
import { type InstanceQuestion, proficienciesOf, type Users } from './connect.ts';

/**
 * With the two requests that list the users and describe the instance, and one search, never more than 20: so many users are read to find one
 * with a proficiency, and so many of those that the search finds.
 */
const MOST_READ = 8;

/** Three seconds for five requests are 1.6 a second: 80 % of the default quota, as an export takes. */
const PAUSE_MS = 625;

/** A user whose proficiencies were read. */
interface Read {
  readonly userId: string;
  readonly proficiencies: readonly UserProficiency[];
  /** When they were last changed, and when the user was, by ListUsers. */
  readonly proficienciesModifiedAt?: Date | undefined;
  readonly userModifiedAt?: Date | undefined;
}

/** What is asked with. */
export interface ProbeTools {
  readonly question: InstanceQuestion;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly clock: () => Date;
}

async function read(
  { question, pause }: ProbeTools,
  userId: string,
  abortSignal: AbortSignal,
): Promise<Read> {
  await pause(PAUSE_MS, abortSignal);
  const { UserProficiencyList = [], LastModifiedTime } = await proficienciesOf(
    question,
    userId,
    abortSignal,
  );
  return { userId, proficiencies: UserProficiencyList, proficienciesModifiedAt: LastModifiedTime };
}

async function readSome(tools: ProbeTools, users: Users, signal: AbortSignal): Promise<Read[]> {
  const found: Read[] = [];
  for (const { id, modifiedAt } of users.some.slice(0, MOST_READ)) {
    const one = { ...(await read(tools, id, signal)), userModifiedAt: modifiedAt };
    found.push(one);
    if (one.proficiencies.length > 0) break;
  }
  return found;
}

/** Whether the time that ListUsers gives moves with the proficiencies. A user whose proficiencies are the newer ones proves that it does not. */
function aboutTimes(found: readonly Read[]): Finding {
  const both = found.flatMap(({ proficienciesModifiedAt, userModifiedAt }) =>
    proficienciesModifiedAt && userModifiedAt
      ? [proficienciesModifiedAt.getTime() - userModifiedAt.getTime()]
      : [],
  );
  const newer = both.filter((difference) => difference > 0).length;
  return ok(
    `Evidence: of ${both.length} users with both times, ${newer} have proficiencies that were changed after the LastModifiedTime of ListUsers`,
  );
}

const has = (
  { proficiencies }: Pick<Read, 'proficiencies'>,
  { AttributeName, AttributeValue, Level }: UserProficiency,
): boolean =>
  proficiencies.some(
    (one) =>
      one.AttributeName === AttributeName &&
      one.AttributeValue === AttributeValue &&
      one.Level === Level,
  );

/** Names of the fields: `name` and `value` are documented, the level's is not. */
const conditionOf = ({ AttributeName, AttributeValue, Level }: UserProficiency) => ({
  TargetListType: 'PROFICIENCIES' as const,
  Conditions: [
    {
      StringCondition: {
        FieldName: 'name',
        Value: AttributeName,
        ComparisonType: 'EXACT' as const,
      },
    },
    {
      StringCondition: {
        FieldName: 'value',
        Value: AttributeValue,
        ComparisonType: 'EXACT' as const,
      },
    },
    { NumberCondition: { FieldName: 'level', MinValue: Level, ComparisonType: 'EQUAL' as const } },
  ],
});

async function aboutSearch(
  tools: ProbeTools,
  known: Read,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { client, instance } = tools.question;
  const [proficiency] = known.proficiencies;
  if (proficiency === undefined) return [];
  const command = new SearchUsersCommand({
    InstanceId: instance.id,
    SearchCriteria: { ListCondition: conditionOf(proficiency) },
  });
  const { Users: found = [], ApproximateTotalCount } = await ask(
    'connect:SearchUsers',
    client.send(command, { abortSignal: signal }),
  );
  const ids = found.flatMap(({ Id }) => Id ?? []);
  const others = ids.filter((id) => id !== known.userId).slice(0, MOST_READ);
  let contradicted = 0;
  for (const id of others) if (!has(await read(tools, id, signal), proficiency)) contradicted += 1;
  const { proficienciesModifiedAt: changedAt } = known;
  const age =
    changedAt === undefined
      ? 'at an unknown time'
      : `${inWords((tools.clock().getTime() - changedAt.getTime()) / 1000)} ago`;
  return [
    ok(
      `Evidence: SearchUsers with a ListCondition of one proficiency finds ${ApproximateTotalCount ?? ids.length} users; the known one, changed ${age}, is ${ids.includes(known.userId) ? '' : 'not '}among them`,
    ),
    ok(
      `Evidence: of ${others.length} others that it finds, ListUserProficiencies contradicts ${contradicted}`,
    ),
  ];
}

/** A refusal is evidence too. */
function refusal(error: unknown): Finding[] {
  if (!(error instanceof Unanswered) || error.call !== 'connect:SearchUsers') throw error;
  const { fault } = error;
  if (fault.cause === 'denied') return [notAsked('SearchUsers: it is not allowed')];
  return [
    ok(
      `Evidence: SearchUsers refuses the ListCondition (${faultInWords(fault)}; ${quoted(fault)})`,
    ),
  ];
}

/** Asks what nobody documents about Connect, by a few requests. What it answers are facts, and neither good nor bad. */
export const probeCheck = (tools: ProbeTools): Check<Users> => ({
  id: 'probe',
  about: 'The evidence',
  calls: ['connect:ListUserProficiencies', 'connect:SearchUsers'],
  seconds: 60,
  async run(users, signal) {
    const found = await readSome(tools, users, signal);
    const known = found.find(({ proficiencies }) => proficiencies.length > 0);
    return {
      findings: [
        aboutTimes(found),
        ...(known
          ? await aboutSearch(tools, known, signal).catch(refusal)
          : [notAsked(`SearchUsers: none of ${found.length} users has a proficiency`)]),
      ],
    };
  },
});
