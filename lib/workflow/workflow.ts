import { Aws, Duration, Fn, Names, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  LogLevel,
  Map as MapState,
  QueryLanguage,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../nag.ts';
import type { ResolvedSettings } from '../settings/resolve.ts';
import { metricStatement } from './after-publication.ts';
import { conclude, outcomes } from './failures.ts';
import { instanceRun, runInput } from './instance-run.ts';
import { readRequest } from './request.ts';

/** 275,000 users at 80 % of the default quota of 2 requests per second; also the last guard against looping. */
const RUN_LIMIT = Duration.days(2);

export interface WorkflowProps
  extends Pick<ResolvedSettings, 'instanceIds' | 'eventsEnabled' | 'logRetentionDays'> {
  readonly worker: IFunction;
  readonly deriver: IFunction;
  /** Encrypts the logs. @default - a key of CloudWatch Logs */
  readonly encryptionKey?: IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Step Functions lists each log group in a resource policy of CloudWatch Logs that holds 5,120 characters for all services of the
 * account, but those of this prefix by the prefix. Hence a name; it ends in a part of the stack's id, for the log group of a
 * stack that was deleted is kept, and the next stack must not find its name taken.
 */
function logGroupName(scope: Construct): string {
  const name = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  const uuidOfStack = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const stack = Fn.select(4, Fn.split('-', uuidOfStack));
  return `/aws/vendedlogs/states/${name}-${stack}`;
}

/** The workflow that visits the instances, and loops the worker until each is exported; then come its derived data and its event. */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      comment: "Exports every user's proficiencies, instance after instance",
      stateMachineType: StateMachineType.STANDARD,
      // Not JSONata: JSONPath can be executed offline, by the tests.
      queryLanguage: QueryLanguage.JSON_PATH,
      definitionBody: DefinitionBody.fromChainable(this.definition(props)),
      timeout: RUN_LIMIT,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          logGroupName: logGroupName(this),
          retention: props.logRetentionDays,
          removalPolicy: props.removalPolicy,
          ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
        }),
        level: LogLevel.ALL,
        // Identifiers and counts only; no user's data passes through the workflow.
        includeExecutionData: true,
      },
    });
    this.stateMachine.addToRolePolicy(metricStatement());
    this.acknowledge(props);
  }

  private definition(props: WorkflowProps) {
    const visit = MapState.jsonPath(this, 'For each instance', {
      itemsPath: '$.instanceIds',
      itemSelector: runInput,
      // The quota is shared by all instances of an account: in parallel they would only be slower each.
      maxConcurrency: 1,
      resultSelector: outcomes,
      resultPath: '$.outcomes',
    });
    visit.itemProcessor(instanceRun(this, props));
    visit.next(conclude(this, '$.outcomes'));
    return readRequest(this, props.instanceIds, visit);
  }

  private acknowledge({ worker, deriver }: WorkflowProps): void {
    Validations.of(this.stateMachine).acknowledge({
      id: 'AwsSolutions-SF2',
      reason:
        'A run is one long loop over one function: the execution history shows it whole, a trace of two days would not (docs/adr/0013-no-x-ray.md).',
    });
    acknowledgeWildcards(
      this.stateMachine,
      [worker, deriver].map(({ functionArn }) => `${functionArn}:*`),
      'Step Functions invokes the functions with or without a qualifier.',
    );
    acknowledgeWildcards(
      this.stateMachine,
      ['*'],
      'The actions that set up the delivery of logs, and those that write metrics, know no resources; the metrics are restricted to one namespace.',
    );
  }
}
