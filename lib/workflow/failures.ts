import {
  Choice,
  Condition,
  Errors,
  Fail,
  type IChainable,
  JsonPath,
  Pass,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

/** The status of an instance that was not exported; the worker's own statuses are all good ends. */
const FAILED = 'FAILED';

/** Under this name an execution fails; its cause names the instances. */
export const INSTANCES_FAILED = 'InstancesFailed';

const FAILED_INSTANCE = JsonPath.stringAt('$.event.instanceId');

/**
 * A state that ends an instance's run in failure.
 *
 * @param template of what went wrong, with a `{}` for each of the values; begins with the failure's name
 */
export const failure = (scope: Construct, id: string, template: string, values: string[]): Pass =>
  Pass.jsonPath(scope, id, {
    parameters: {
      status: FAILED,
      instanceId: FAILED_INSTANCE,
      message: JsonPath.format(`{}: ${template}`, FAILED_INSTANCE, ...values),
    },
  });

/**
 * Turns whatever a task throws into a failure that a person can read.
 *
 * Lambda gives an error of the worker as JSON in text, with a stack trace; errors of Step Functions and
 * of Lambda itself come as plain text or without any.
 */
export function catchFailures(scope: Construct, task: TaskStateBase): void {
  const read = Pass.jsonPath(scope, 'Read the error', {
    parameters: { thrown: JsonPath.stringToJson(JsonPath.stringAt('$.caught.Cause')) },
    resultPath: '$.error',
  }).next(
    failure(scope, 'Failed', '{}: {}', [
      JsonPath.stringAt('$.caught.Error'),
      JsonPath.stringAt('$.error.thrown.errorMessage'),
    ]),
  );
  const hasMessage = Condition.and(
    Condition.isPresent('$.caught.Cause'),
    Condition.stringMatches('$.caught.Cause', '{*"errorMessage":*}'),
  );
  const explain = Choice.jsonPath(scope, 'Did the worker say why?')
    .when(hasMessage, read)
    .otherwise(
      failure(scope, 'Failed without a message', '{}', [
        JsonPath.jsonToString(JsonPath.objectAt('$.caught')),
      ]),
    );
  task.addCatch(explain, { errors: [Errors.ALL], resultPath: '$.caught' });
}

/**
 * Selects from the outcomes of all instances what {@link conclude} looks at.
 *
 * Whether one failed is read from their text: of a path that selects the only value there is, some interpreters
 * make a list of one and others the bare value. No other value of an outcome is just this word, and where a message
 * quotes it, the quotation marks are escaped.
 */
export const outcomes = {
  all: JsonPath.objectAt('$'),
  text: JsonPath.jsonToString(JsonPath.objectAt('$')),
};

/** Ends the execution: in success, or in a failure that names the instances and their failures. */
export function conclude(scope: Construct, path: string): IChainable {
  const fail = Fail.jsonPath(scope, 'Some instances failed', {
    error: INSTANCES_FAILED,
    causePath: JsonPath.format(
      'Not exported: {}',
      JsonPath.jsonToString(JsonPath.objectAt('$.messages')),
    ),
  });
  const name = Pass.jsonPath(scope, 'Name the failures', {
    parameters: {
      messages: JsonPath.listAt(`${path}.all[?(@.status == '${FAILED}')].message`),
    },
  });
  const asList = Pass.jsonPath(scope, 'Make a list of it', {
    parameters: { messages: JsonPath.array(JsonPath.stringAt('$.messages')) },
  });
  const isBare = Choice.jsonPath(scope, 'Is the only failure bare?')
    .when(Condition.isString('$.messages'), asList.next(fail))
    .otherwise(fail);
  const done = Pass.jsonPath(scope, 'All instances are exported', { outputPath: `${path}.all` });
  return Choice.jsonPath(scope, 'Did any instance fail?')
    .when(Condition.stringMatches(`${path}.text`, `*"${FAILED}"*`), name.next(isBare))
    .otherwise(done);
}
