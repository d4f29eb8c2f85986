import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { isUnanswered } from '../../aws/ask.ts';
import type { Deployment } from '../../aws/deployment/parts.ts';
import { type DeployedSchedule, nextStart, readSchedule } from '../../aws/deployment/schedule.ts';
import { isMeantToRest, readTemplate } from '../../aws/deployment/template.ts';
import type { Clock } from '../../export/ports.ts';
import { type Check, type Finding, failed, notAsked, ok, warning } from '../check.ts';

const DEPLOY_AGAIN = 'npx cdk deploy makes it again';

const disabled = ({ expression, timeZone }: DeployedSchedule, isMeant: boolean): Finding =>
  isMeant
    ? ok('The schedule is deployed disabled: others start the runs')
    : failed(
        `The schedule ${expression} (${timeZone}) was disabled by hand: it starts no run`,
        'enable it in the console of EventBridge, under Schedules',
      );

function enabled(schedule: DeployedSchedule, now: Date): Finding {
  const { expression, timeZone } = schedule;
  const next = nextStart(schedule, now);
  return next === undefined
    ? warning(
        `The schedule ${expression} (${timeZone}) is never due again`,
        'set another schedule and deploy',
      )
    : ok(`The schedule ${expression} is enabled; the next run starts ${next}`);
}

/** Whether runs are started, and when the next one is. */
export const scheduleCheck = (
  client: SchedulerClient,
  cloudFormation: CloudFormationClient,
  clock: Clock,
): Check<Deployment, DeployedSchedule> => ({
  id: 'schedule',
  about: 'The schedule',
  calls: ['scheduler:GetSchedule', 'cloudformation:GetTemplate'],
  async run({ parts, stackName }, abortSignal) {
    if (parts.schedule === undefined) {
      return { findings: [notAsked('The schedule: the stack has none')] };
    }
    try {
      const schedule = await readSchedule(client, parts.schedule, abortSignal);
      const finding = schedule.isEnabled
        ? enabled(schedule, clock())
        : disabled(
            schedule,
            isMeantToRest(await readTemplate(cloudFormation, stackName, abortSignal)),
          );
      return { findings: [finding], fact: schedule };
    } catch (error) {
      if (!isUnanswered(error, 'gone')) throw error;
      return { findings: [failed('The schedule was deleted by hand', DEPLOY_AGAIN)] };
    }
  },
});
