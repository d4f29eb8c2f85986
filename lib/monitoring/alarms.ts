import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ResolvedSettings } from '../settings/resolve.ts';
import {
  type Rule,
  runFailed,
  runTimedOut,
  snapshotLate,
  startMissed,
  throttled,
  usersFailed,
} from './alarm-rules.ts';
import { runbookLink } from './runbook.ts';

export interface AlarmsProps
  extends Pick<ResolvedSettings, 'instanceIds' | 'snapshotExpectedWithinHours' | 'runbookUrl'> {
  readonly stateMachine: IStateMachine;
  readonly missedStarts: IQueue;
  readonly topic: ITopic;
}

/** What an operator is told of. Everything else is on the dashboard. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const rules: [string, Rule][] = [
      ['RunFailed', runFailed(props.stateMachine)],
      ['RunTimedOut', runTimedOut(props.stateMachine)],
      ['StartMissed', startMissed(props.missedStarts)],
      ...props.instanceIds.flatMap((instanceId) => rulesOf(instanceId, props)),
    ];
    this.alarms = rules.map(([ruleId, rule]) => this.alarm(ruleId, rule, props));
  }

  private alarm(id: string, rule: Rule, { topic, runbookUrl }: AlarmsProps): Alarm {
    const alarm = new Alarm(this, id, {
      alarmDescription: `${rule.says} What to do: ${runbookLink(runbookUrl, rule.heading)}`,
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: rule.comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: rule.periods ?? 1,
      treatMissingData: rule.missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
    return alarm;
  }
}

/** The rules of one instance; construct ids hold its id, so that the order of configuration is free. */
function rulesOf(instanceId: string, props: AlarmsProps): [string, Rule][] {
  const hours = props.snapshotExpectedWithinHours;
  const late: [string, Rule][] =
    hours === 'off' ? [] : [[`SnapshotLate-${instanceId}`, snapshotLate(instanceId, hours)]];
  return [
    ...late,
    [`UsersFailed-${instanceId}`, usersFailed(instanceId)],
    [`Throttled-${instanceId}`, throttled(instanceId)],
  ];
}
