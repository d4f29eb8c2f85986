import { type OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { EVENT_SOURCE, SNAPSHOT_PUBLISHED } from '../../contract/snapshot-published.ts';

/** A rule for the events of one exporter: others of the account put theirs on the same bus. */
export function ruleForPublished(
  scope: Construct,
  id: string,
  stateMachine: IStateMachine,
  options: OnEventOptions,
): Rule {
  const rule = new Rule(scope, id, options);
  rule.addEventPattern({
    source: [EVENT_SOURCE],
    detailType: [SNAPSHOT_PUBLISHED],
    // Step Functions names the state machine and its execution (Developer Guide, "Add EventBridge events with Step Functions").
    resources: [stateMachine.stateMachineArn],
  });
  rule.addTarget(options.target);
  return rule;
}
