import {
  type Chain,
  Choice,
  Condition,
  Fail,
  type IChainable,
  JsonPath,
  Pass,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/**
 * What the schedule starts the workflow with. EventBridge Scheduler fills in the time.
 *
 * A person starts it with `{}` (every configured instance) or `{"instanceIds": ["…"]}` (these).
 */
export const scheduledInput = (scheduledTime: string) => ({ scheduledTime, trigger: 'schedule' });

/** Under this name the workflow refuses its input. */
export const INVALID_INPUT = 'InvalidInput';

/** The input as text, normalised: a Choice can match its shape, unknown keys included. */
const TEXT = '$.text';
const INPUT = '$.input';

/** Each key of the input adds one of these to its text, and no value may hold one. */
const keys = (count: number): string => `*${'":*'.repeat(count)}`;

const isEverything = Condition.stringEquals(TEXT, '{}');

// A list that is empty would export nothing and call it success.
const isSome = Condition.and(
  Condition.stringMatches(TEXT, '{"instanceIds":["*'),
  Condition.not(Condition.stringMatches(TEXT, keys(2))),
  // No list within the list, either: the failure of an instance could not be put into words.
  Condition.not(Condition.stringMatches(TEXT, '{"instanceIds":[*[*')),
);

// A path that leads nowhere fails the execution, unless it is first asked whether it is present.
const isScheduled = Condition.and(
  Condition.isPresent(`${INPUT}.scheduledTime`),
  Condition.isPresent(`${INPUT}.trigger`),
  Condition.isTimestamp(`${INPUT}.scheduledTime`),
  Condition.stringEquals(`${INPUT}.trigger`, 'schedule'),
  Condition.not(Condition.stringMatches(TEXT, keys(3))),
);

/** What every worker event of this execution says, so that a retried first slice finds its own run. */
const execution = {
  executionName: JsonPath.executionName,
  executionStartTime: JsonPath.executionStartTime,
};

/**
 * The states that check the execution's input and turn it into
 * `{"instanceIds": [<what to export>], "request": {<what all worker events have in common>}}`.
 *
 * @param instanceIds what `{}` stands for
 */
export function readRequest(
  scope: Construct,
  instanceIds: readonly string[],
  next: IChainable,
): Chain {
  const everything = Pass.jsonPath(scope, 'Every instance', {
    parameters: { instanceIds: [...instanceIds], request: { ...execution, trigger: 'manual' } },
  });
  const some = Pass.jsonPath(scope, 'The instances given', {
    parameters: {
      instanceIds: JsonPath.listAt(`${INPUT}.instanceIds`),
      request: { ...execution, trigger: 'manual' },
    },
  });
  const scheduled = Pass.jsonPath(scope, 'Every instance, on schedule', {
    parameters: {
      instanceIds: [...instanceIds],
      request: {
        ...execution,
        trigger: 'schedule',
        scheduledTime: JsonPath.stringAt(`${INPUT}.scheduledTime`),
      },
    },
  });
  const reject = Fail.jsonPath(scope, 'The input is wrong', {
    error: INVALID_INPUT,
    causePath: JsonPath.format(
      'The input is {}, expected an empty object for every configured instance, or an object with the one key instanceIds and a list of instance ids.',
      JsonPath.stringAt(TEXT),
    ),
  });
  return Pass.jsonPath(scope, 'Read the input', {
    parameters: {
      input: JsonPath.objectAt('$'),
      text: JsonPath.jsonToString(JsonPath.objectAt('$')),
    },
  }).next(
    Choice.jsonPath(scope, 'Which instances?')
      .when(isScheduled, scheduled.next(next))
      .when(isEverything, everything.next(next))
      .when(isSome, some.next(next))
      .otherwise(reject),
  );
}
