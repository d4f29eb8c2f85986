import {
  Annotations,
  type App,
  Aspects,
  type CfnElement,
  Names,
  RemovalPolicy,
  Stack,
  Tags,
  Validations,
} from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { networkOf } from './network.ts';
import { addOutputs } from './outputs.ts';
import { ProficiencyExporter } from './proficiency-exporter.ts';
import { type Configuration, readConfiguration } from './settings/context.ts';
import { withOwnTags } from './settings/tags.ts';

const REMOVAL_POLICIES = {
  // Not RETAIN: a first deployment that fails would leave an empty bucket and log groups behind.
  retain: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  destroy: RemovalPolicy.DESTROY,
} as const;

/**
 * The logical id of the bucket, the only one in its stack.
 *
 * Pinned: were it derived from the construct's path, moving the construct would make CloudFormation
 * create an empty bucket beside the one with all snapshots.
 */
export const DATA_BUCKET_LOGICAL_ID = 'ProficiencyDataBucket';

/** An exporter, deployed as a stack of its own. */
export class ExporterStack extends Stack {
  constructor(scope: Construct, configuration: Configuration) {
    const { stackName, account, region, ...given } = configuration;
    const {
      alarmEmail,
      kmsKeyArn,
      accessLogsBucketName,
      queryResultsBucketName,
      removalPolicy,
      ...settings
    } = given;
    super(scope, stackName, {
      description: "Dated snapshots of Amazon Connect users' proficiencies, ready for Athena",
      env: { ...(account && { account }), ...(region && { region }) },
    });
    const exporter = new ProficiencyExporter(this, 'Exporter', {
      ...settings,
      ...networkOf(this, configuration),
      removalPolicy: REMOVAL_POLICIES[removalPolicy],
      ...(accessLogsBucketName && {
        accessLogsBucket: Bucket.fromBucketName(this, 'AccessLogs', accessLogsBucketName),
      }),
      ...(queryResultsBucketName && {
        queryResultsBucket: Bucket.fromBucketName(this, 'QueryResults', queryResultsBucketName),
      }),
      ...(kmsKeyArn && { encryptionKey: Key.fromKeyArn(this, 'Key', kmsKeyArn) }),
    });
    if (accessLogsBucketName) {
      Annotations.of(exporter.bucket).acknowledgeWarning(
        '@aws-cdk/aws-s3:accessLogsPolicyNotAdded',
        'docs/configuration.md says what the policy of the log bucket must allow.',
      );
    }
    if (alarmEmail) exporter.alarmTopic.addSubscription(new EmailSubscription(alarmEmail));
    for (const [key, value] of Object.entries(withOwnTags(configuration.tags))) {
      Tags.of(this).add(key, value, {
        // Tags of dashboards are too new for some Regions, and for cfn-lint.
        excludeResourceTypes: ['AWS::CloudWatch::Dashboard'],
      });
    }
    if (configuration.roleNamePrefix) nameRoles(this, configuration.roleNamePrefix);
    addOutputs(this, exporter);
  }

  protected override allocateLogicalId(element: CfnElement): string {
    return element instanceof CfnBucket ? DATA_BUCKET_LOGICAL_ID : super.allocateLogicalId(element);
  }
}

/**
 * Adds the stack that the app's context asks for, to be checked by cdk-nag at every synth.
 *
 * @param credentialsRegion the Region of the credentials, if they say one
 * @throws ConfigurationError
 */
export function addExporter(app: App, credentialsRegion?: string): ExporterStack {
  const configuration = readConfiguration(app.node.getAllContext(), credentialsRegion);
  const stack = new ExporterStack(app, configuration);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return stack;
}

/** The longest name that IAM takes, less a hyphen and the longest name of a Region (`ap-southeast-1`, and one to spare). */
const LONGEST_ROLE_NAME = 64 - 1 - 15;

/** Names every role of a stack, those that the CDK makes included. A name may be taken once in all Regions, so it ends in the Region. */
function nameRoles(stack: Stack, prefix: string): void {
  Aspects.of(stack).add({
    visit(node) {
      if (!(node instanceof CfnRole)) return;
      const maxLength = LONGEST_ROLE_NAME - prefix.length;
      const name = Names.uniqueResourceName(node, { maxLength, separator: '-' });
      node.roleName = `${prefix}${name}-${stack.region}`;
    },
  });
}
