import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import { ask } from '../../aws/ask.ts';
import type { Deployment } from '../../aws/deployment/parts.ts';
import { METRICS } from '../../contract/metrics.ts';
import { type Check, type Finding, failed, inRunbook, notAsked, ok, warning } from '../check.ts';

/** The most that DescribeAlarms takes and gives at a time. */
const AT_A_TIME = 100;

async function alarmsNamed(
  client: CloudWatchClient,
  names: readonly string[],
  abortSignal: AbortSignal,
): Promise<readonly MetricAlarm[]> {
  const alarms: MetricAlarm[] = [];
  for (let from = 0; from < names.length; from += AT_A_TIME) {
    const AlarmNames = names.slice(from, from + AT_A_TIME);
    const command = new DescribeAlarmsCommand({ AlarmNames, MaxRecords: AT_A_TIME });
    const { MetricAlarms = [] } = await ask(
      'cloudwatch:DescribeAlarms',
      client.send(command, { abortSignal }),
    );
    alarms.push(...MetricAlarms);
  }
  return alarms;
}

/** The description of an alarm says what has happened, and where the runbook is. */
function isOn({ AlarmDescription = '', AlarmName, MetricName }: MetricAlarm): Finding {
  const [says = '', what] = AlarmDescription.split(' What to do: ');
  const [, anchor] = /#(\S+)$/.exec(what ?? '') ?? [];
  const sentence = `An alarm is on: ${says.replace(/\.$/, '') || AlarmName}`;
  const remedy =
    anchor === undefined ? inRunbook('Where to look') : `see docs/runbook.md#${anchor}`;
  // Of the people, not of the exporter.
  return MetricName === METRICS.coverageGaps ? warning(sentence, remedy) : failed(sentence, remedy);
}

function judged(names: readonly string[], alarms: readonly MetricAlarm[]): Finding[] {
  const on = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
  const muted = alarms.filter(({ ActionsEnabled }) => ActionsEnabled === false).length;
  const missing = names.length - alarms.length;
  return [
    ...(on.length === 0 ? [ok(`Of ${alarms.length} alarms none is on`)] : on.map(isOn)),
    ...(missing > 0
      ? [
          failed(
            `Alarms that were deleted by hand: ${missing}`,
            'npx cdk deploy --revert-drift makes them again',
          ),
        ]
      : []),
    ...(muted > 0
      ? [
          warning(
            `Alarms whose actions are switched off: ${muted}`,
            'aws cloudwatch enable-alarm-actions --alarm-names NAME',
          ),
        ]
      : []),
  ];
}

/** The alarms, and the state they are in. */
export const alarmsCheck = (client: CloudWatchClient): Check<Deployment> => ({
  id: 'alarms',
  about: 'The alarms',
  calls: ['cloudwatch:DescribeAlarms'],
  async run({ alarms }, abortSignal) {
    if (alarms.length === 0) return { findings: [notAsked('The alarms: the stack has none')] };
    return { findings: judged(alarms, await alarmsNamed(client, alarms, abortSignal)) };
  },
});

/** Whether anybody hears of alarms. Who it is, is not told. */
export const listenersCheck = (client: SNSClient): Check<Deployment> => ({
  id: 'listeners',
  about: 'Who hears of alarms',
  calls: ['sns:ListSubscriptionsByTopic'],
  async run({ parts }, abortSignal) {
    if (parts.topic === undefined) {
      return { findings: [notAsked('Who hears of alarms: the topic is not of this stack')] };
    }
    const { Subscriptions = [] } = await ask(
      'sns:ListSubscriptionsByTopic',
      client.send(new ListSubscriptionsByTopicCommand({ TopicArn: parts.topic }), { abortSignal }),
    );
    const confirmed = Subscriptions.filter(({ SubscriptionArn = '' }) =>
      SubscriptionArn.startsWith('arn:'),
    ).length;
    // One that was ended is listed for some days yet, with `Deleted` in place of its ARN.
    const waiting = Subscriptions.filter(
      ({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation',
    ).length;
    return { findings: heard(confirmed, waiting) };
  },
});

function heard(confirmed: number, waiting: number): Finding[] {
  const confirm = 'confirm it by the mail from AWS, or subscribe again';
  if (confirmed === 0 && waiting === 0) {
    return [warning('Nobody hears of alarms', 'deploy with alarmEmail, or subscribe to the topic')];
  }
  return [
    ...(confirmed > 0 ? [ok(`Subscriptions to alarms: ${confirmed}`)] : []),
    ...(waiting > 0
      ? [
          confirmed > 0
            ? warning(`Subscriptions to alarms that nobody has confirmed: ${waiting}`, confirm)
            : failed('The subscription to alarms is not confirmed: nobody hears of them', confirm),
        ]
      : []),
  ];
}
