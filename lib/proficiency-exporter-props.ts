import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ExporterSettingsProps } from './settings/exporter-settings-props.ts';

/** How the proficiencies are exported, and what is brought along for it. */
export interface ProficiencyExporterProps extends ExporterSettingsProps {
  /**
   * A bucket of yours for all objects. It should keep versions, and working files below `runs/`
   * should expire; the exporter changes nothing about it.
   *
   * @default - a new, versioned, private bucket
   */
  readonly bucket?: IBucket | undefined;

  /**
   * Encrypts the objects of the bucket, Athena's results, the log groups, the functions' environment, and the messages of the
   * exporter's own topic and queue. A bucket of yours that names its key in the
   * CDK (`bucket.encryptionKey`) needs none here: the functions may use that key in any case. Its policy must let the account's IAM policies grant its use, as the default one does.
   *
   * @default - keys of AWS: no cost, and no key whose loss loses the snapshots
   */
  readonly encryptionKey?: IKey | undefined;

  /**
   * Where S3 delivers server access logs of the exporter's own bucket: refused beside `bucket`.
   *
   * @default - not logged; where reads must be accounted for, CloudTrail data events tell more
   */
  readonly accessLogsBucket?: IBucket | undefined;

  /**
   * Where Athena writes the answers to queries of the workgroup, below `<name of the workgroup>/`: a bucket of yours, of the stack's
   * Region, whose lifecycle rules delete them. For clients that name a place in every query; Athena refuses those where it keeps the
   * results itself (docs/tools.md).
   *
   * @default - Athena keeps them itself, for 24 hours: no bucket to clean up, and nobody who asks needs to write anything
   */
  readonly queryResultsBucket?: IBucket | undefined;

  /**
   * Where alarms go. A topic of yours must allow `cloudwatch.amazonaws.com` to publish.
   *
   * @default - a new topic, which nobody is subscribed to yet
   */
  readonly alarmTopic?: ITopic | undefined;

  /**
   * The VPC to run the functions in. It needs a way to Connect, Service Quotas and S3: endpoints or NAT.
   *
   * @default - none: they call public AWS endpoints only, with TLS
   */
  readonly vpc?: IVpc | undefined;

  /**
   * The subnets of `vpc`.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: SubnetSelection | undefined;

  /**
   * The functions' security groups in `vpc`. They must let HTTPS out.
   *
   * @default - a new one that lets everything out
   */
  readonly securityGroups?: ISecurityGroup[] | undefined;

  /**
   * What becomes of bucket and logs when the stack is deleted. A bucket that is not empty is kept in any case.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE - snapshots cannot be made again; what a first deployment that fails has
   *   made holds none
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
}
