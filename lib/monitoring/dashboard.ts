import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ResolvedSettings } from '../settings/resolve.ts';
import { age, perInstance, rate, reading, runDuration, runs, throttled } from './widgets.ts';

const FULL_WIDTH = 24;

export interface ExporterDashboardProps extends Pick<ResolvedSettings, 'instanceIds'> {
  readonly stateMachine: IStateMachine;
  readonly alarms: readonly Alarm[];
}

/** Everything an operator looks at, on one page: two weeks of runs. */
export class ExporterDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: ExporterDashboardProps) {
    super(scope, id);
    const { instanceIds, stateMachine } = props;
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(14),
      periodOverride: PeriodOverride.INHERIT,
      widgets: [
        [
          new AlarmStatusWidget({
            title: 'Alarms',
            width: FULL_WIDTH,
            // By name: the emulator of our tests passes over alarms and knows no ARN of them.
            alarms: props.alarms.map(({ node, alarmName }) =>
              Alarm.fromAlarmName(this, node.id, alarmName),
            ),
          }),
        ],
        [runs(stateMachine), runDuration(stateMachine), age(instanceIds)],
        [
          perInstance(instanceIds, 'Users exported', 'usersExported'),
          perInstance(instanceIds, 'Users failed', 'usersFailed'),
          perInstance(instanceIds, 'Users deleted during the run', 'usersDeleted'),
        ],
        [
          rate(instanceIds),
          throttled(instanceIds),
          perInstance(instanceIds, 'Time of a slice, seconds', 'sliceSeconds', Stats.MAXIMUM),
        ],
        [
          perInstance(instanceIds, 'Size of the snapshot, bytes (gzip)', 'snapshotBytes'),
          perInstance(instanceIds, 'Proficiencies exported', 'proficiencies'),
          perInstance(instanceIds, 'Derived data not up to date', 'derivedDataFailed'),
        ],
        [perInstance(instanceIds, 'Coverage targets not met', 'coverageGaps'), reading()],
      ],
    });
  }
}
