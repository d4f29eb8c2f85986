import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { addOutputs } from './outputs.ts';
import { ProficiencyExporter } from './proficiency-exporter.ts';
import type { Configuration } from './settings/context.ts';

const REMOVAL_POLICIES = { retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY } as const;

/** An exporter, deployed as a stack of its own. */
export class ExporterStack extends Stack {
  constructor(scope: Construct, configuration: Configuration) {
    const { stackName, account, region, alarmEmail, kmsKeyArn, removalPolicy, ...settings } =
      configuration;
    super(scope, stackName, {
      description: "Dated snapshots of Amazon Connect users' proficiencies, ready for Athena",
      env: { ...(account && { account }), ...(region && { region }) },
    });
    const exporter = new ProficiencyExporter(this, 'Exporter', {
      ...settings,
      removalPolicy: REMOVAL_POLICIES[removalPolicy],
      ...(kmsKeyArn && { encryptionKey: Key.fromKeyArn(this, 'Key', kmsKeyArn) }),
    });
    if (alarmEmail) exporter.alarmTopic.addSubscription(new EmailSubscription(alarmEmail));
    addOutputs(this, exporter);
  }
}
