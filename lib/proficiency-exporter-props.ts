import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { ExporterSettings } from './settings/schema.ts';

/** What may be left out or be `undefined`; both mean the default. */
type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** How the proficiencies are exported (the settings, see settings.ts), and what is brought along for it. */
export interface ProficiencyExporterProps
  extends Readonly<Pick<ExporterSettings, 'instanceIds'>>,
    Optional<Omit<ExporterSettings, 'instanceIds'>> {
  /**
   * A bucket of yours for all objects. It should keep versions, and working files below `runs/`
   * should expire; the exporter changes nothing about it.
   *
   * @default - a new, versioned, private bucket
   */
  readonly bucket?: IBucket | undefined;

  /**
   * Encrypts the objects of the bucket (if yours is given: the key that it uses) and Athena's results.
   * Its policy must let the account's IAM policies grant its use, as the default one does.
   *
   * @default - keys of S3 and Athena: no cost, and no key whose loss loses the snapshots
   */
  readonly encryptionKey?: IKey | undefined;

  /**
   * Where S3 delivers server access logs of the exporter's own bucket.
   *
   * @default - not logged; where reads must be accounted for, CloudTrail data events tell more
   */
  readonly accessLogsBucket?: IBucket | undefined;

  /**
   * Where alarms go. A topic of yours must allow `cloudwatch.amazonaws.com` to publish.
   *
   * @default - a new topic, which nobody is subscribed to yet
   */
  readonly alarmTopic?: ITopic | undefined;

  /**
   * The VPC to run the worker in. It needs a way to Connect, Service Quotas and S3: endpoints or NAT.
   *
   * @default - none: it calls public AWS endpoints only, with TLS
   */
  readonly vpc?: IVpc | undefined;

  /**
   * The subnets of `vpc`.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: SubnetSelection | undefined;

  /**
   * What becomes of bucket and logs when the stack is deleted. A bucket that is not empty is kept in any case.
   *
   * @default RemovalPolicy.RETAIN - snapshots cannot be made again
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
}
