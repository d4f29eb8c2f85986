import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Dashboard, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { grantQuery } from './access/analysts.ts';
import { ruleForPublished } from './access/listeners.ts';
import { grantReadSnapshots } from './access/readers.ts';
import { Catalog, type CatalogNames } from './catalog/catalog.ts';
import { DataBucket } from './data-bucket.ts';
import { letServicesUseKey } from './key-policy.ts';
import { AlarmTopic } from './monitoring/alarm-topic.ts';
import { Alarms } from './monitoring/alarms.ts';
import { ExporterDashboard } from './monitoring/dashboard.ts';
import {
  type ExporterExpressionOptions,
  type ExporterMetricOptions,
  instanceMeant,
  snapshotAge,
  throttledShare,
  workerMetric,
} from './monitoring/metrics.ts';
import type { ProficiencyExporterProps } from './proficiency-exporter-props.ts';
import { ConfigurationError } from './settings/configuration-error.ts';
import { refuseKeyElsewhere, refuseUnusedKey } from './settings/encryption-key.ts';
import { resolveSettings } from './settings/resolve.ts';
import { refuseInstancesElsewhere, refuseSettingsOfOwnBucket } from './settings/surroundings.ts';
import { Deriver } from './worker/deriver.ts';
import { Worker } from './worker/worker.ts';
import { RunSchedule } from './workflow/schedule.ts';
import { Workflow } from './workflow/workflow.ts';

/**
 * Takes a complete, dated snapshot of every Amazon Connect user's proficiencies on a schedule, and
 * makes it a table in Athena.
 *
 * Deploy it in the account and Region of the instances: it reads Connect where it runs.
 */
export class ProficiencyExporter extends Construct {
  /** Snapshots, manifests and working files. */
  readonly bucket: IBucket;
  /** Exports one slice of a run. */
  readonly worker: IFunction;
  /** Derives data from what is published. */
  readonly deriver: IFunction;
  /** Exports the instances, one after the other; `{}` starts it. */
  readonly stateMachine: IStateMachine;
  /** Database and workgroup in Athena. */
  readonly catalog: CatalogNames;
  /** Where alarms go. */
  readonly alarmTopic: ITopic;
  /** How the runs go, and what the snapshots hold, over time. */
  readonly dashboard: Dashboard;
  /** Encrypts what the exporter stores; `undefined` where AWS keeps the key. */
  readonly encryptionKey: IKey | undefined;

  private readonly queryResultsBucket: IBucket | undefined;
  private readonly instanceIds: readonly string[];
  private readonly eventsEnabled: boolean;

  /** @throws ConfigurationError that names the prop, its value and what is expected */
  constructor(scope: Construct, id: string, props: ProficiencyExporterProps) {
    super(scope, id);
    const settings = resolveSettings(props, new Date());
    refuseInstancesElsewhere(props.instanceIds, Stack.of(this));
    refuseSettingsOfOwnBucket(props);
    const { encryptionKey, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    if (encryptionKey) {
      refuseUnusedKey(settings.serverSideEncryption);
      refuseKeyElsewhere('encryptionKey', encryptionKey.env.region, Stack.of(this).region);
      letServicesUseKey(this, encryptionKey);
    }
    this.encryptionKey = encryptionKey;
    this.queryResultsBucket = props.queryResultsBucket;
    this.instanceIds = settings.instanceIds;
    this.eventsEnabled = settings.eventsEnabled;
    const common = {
      ...settings,
      encryptionKey,
      removalPolicy,
    };

    this.bucket =
      props.bucket ??
      new DataBucket(this, 'Data', { ...common, accessLogsBucket: props.accessLogsBucket }).bucket;
    const ofFunctions = {
      ...common,
      bucket: this.bucket,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
    };
    this.worker = new Worker(this, 'Worker', ofFunctions).function;
    this.deriver = new Deriver(this, 'Deriver', ofFunctions).function;
    this.stateMachine = new Workflow(this, 'Workflow', {
      ...common,
      worker: this.worker,
      deriver: this.deriver,
    }).stateMachine;
    const { deadLetterQueue } = new RunSchedule(this, 'RunSchedule', {
      ...common,
      stateMachine: this.stateMachine,
    });
    this.catalog = new Catalog(this, 'Catalog', {
      ...common,
      bucket: this.bucket,
      queryResultsBucket: this.queryResultsBucket,
    });

    this.alarmTopic = props.alarmTopic ?? new AlarmTopic(this, 'AlarmTopic', common).topic;
    const { alarms } = new Alarms(this, 'Alarms', {
      ...common,
      stateMachine: this.stateMachine,
      missedStarts: deadLetterQueue,
      topic: this.alarmTopic,
    });
    this.dashboard = new ExporterDashboard(this, 'Monitoring', {
      ...common,
      stateMachine: this.stateMachine,
      alarms,
    }).dashboard;
  }

  /**
   * Lets a program read what is published: snapshots, manifests, what is derived from them, and the coverage targets.
   *
   * A grantee of another account is named in the policies of bucket and key too. Name it by its ARN or account, as
   * `new ArnPrincipal('arn:aws:iam::444455556666:role/reader')`: a bucket has no name yet when another stack would need it. Policies of a
   * bucket or key that this app has imported stay as they are; those you extend yourself.
   */
  grantReadSnapshots(grantee: IGrantable): Grant {
    return grantReadSnapshots(grantee, this);
  }

  /**
   * Lets an analyst of this account ask in Athena: run queries in the exporter's workgroup, and read its tables and what they are
   * made of; where `queryResultsBucket` is given, write the answers there. Where Lake Formation governs the account, grant the tables there too (docs/athena.md).
   */
  grantQuery(grantee: IGrantable): Grant {
    const { bucket, encryptionKey, catalog, queryResultsBucket } = this;
    return grantQuery(this, grantee, { bucket, encryptionKey, catalog, queryResultsBucket });
  }

  /**
   * A rule for the event that tells of each snapshot of this exporter (docs/events.md); it comes at least once.
   *
   * @throws ConfigurationError where `eventsEnabled` is false
   */
  onSnapshotPublished(id: string, options: OnEventOptions = {}): Rule {
    if (!this.eventsEnabled) {
      throw new ConfigurationError([
        `eventsEnabled is false, expected true where there is a rule such as ${id}: no event would reach it.`,
      ]);
    }
    return ruleForPublished(this, id, this.stateMachine, options);
  }

  /**
   * Hours since a snapshot was published, for graphs. An alarm looks back no further than the periods that it evaluates; the exporter
   * has one that tells of late snapshots.
   */
  metricSnapshotAge(options: ExporterExpressionOptions = {}): MathExpression {
    const { instanceId, ...shown } = options;
    return snapshotAge(instanceMeant(this.instanceIds, instanceId), shown);
  }

  /** Throttled requests to Connect, in percent of all, by the hour. */
  metricThrottledShare(options: ExporterExpressionOptions = {}): MathExpression {
    const { instanceId, ...shown } = options;
    return throttledShare(instanceMeant(this.instanceIds, instanceId), shown);
  }

  /** Snapshots published; the same one may be counted twice. */
  metricSnapshotsPublished(options: ExporterMetricOptions = {}): Metric {
    return this.metric('snapshotPublished', options);
  }

  /** Compressed size of the snapshot published last, in bytes. */
  metricSnapshotBytes(options: ExporterMetricOptions = {}): Metric {
    return this.metric('snapshotBytes', options);
  }

  /** Users whose proficiencies were read. */
  metricUsersExported(options: ExporterMetricOptions = {}): Metric {
    return this.metric('usersExported', options);
  }

  /** Users without an answer when a run ends. */
  metricUsersFailed(options: ExporterMetricOptions = {}): Metric {
    return this.metric('usersFailed', options);
  }

  /** Users that Connect no longer knew when they were asked for. */
  metricUsersDeleted(options: ExporterMetricOptions = {}): Metric {
    return this.metric('usersDeleted', options);
  }

  /** Proficiencies of the users exported. */
  metricProficiencies(options: ExporterMetricOptions = {}): Metric {
    return this.metric('proficiencies', options);
  }

  /** Requests sent to Connect, throttled ones included. */
  metricRequests(options: ExporterMetricOptions = {}): Metric {
    return this.metric('requests', options);
  }

  /** Requests that Connect has throttled; they are sent again. */
  metricThrottledRequests(options: ExporterMetricOptions = {}): Metric {
    return this.metric('throttled', options);
  }

  /** Time that the worker has worked, in seconds. */
  metricSliceSeconds(options: ExporterMetricOptions = {}): Metric {
    return this.metric('sliceSeconds', options);
  }

  /** Snapshots whose derived data or event are missing. */
  metricDerivedDataFailed(options: ExporterMetricOptions = {}): Metric {
    return this.metric('derivedDataFailed', options);
  }

  /** Coverage targets that too few agents meet. */
  metricCoverageGaps(options: ExporterMetricOptions = {}): Metric {
    return this.metric('coverageGaps', options);
  }

  private metric(
    name: Parameters<typeof workerMetric>[0],
    { instanceId, ...options }: ExporterMetricOptions,
  ): Metric {
    return workerMetric(name, instanceMeant(this.instanceIds, instanceId), options);
  }
}
