import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Catalog, type CatalogNames } from './catalog/catalog.ts';
import { DataBucket } from './data-bucket.ts';
import { letServicesUseKey } from './key-policy.ts';
import { AlarmTopic } from './monitoring/alarm-topic.ts';
import { Alarms } from './monitoring/alarms.ts';
import { ExporterDashboard } from './monitoring/dashboard.ts';
import type { ProficiencyExporterProps } from './proficiency-exporter-props.ts';
import { refuseKeyElsewhere, refuseUnusedKey } from './settings/encryption-key.ts';
import { resolveSettings } from './settings/resolve.ts';
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
  readonly dashboard: Dashboard;

  /** @throws ConfigurationError that names the prop, its value and what is expected */
  constructor(scope: Construct, id: string, props: ProficiencyExporterProps) {
    super(scope, id);
    const settings = resolveSettings(props, new Date());
    const { encryptionKey, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;
    if (encryptionKey) {
      refuseUnusedKey(settings.serverSideEncryption);
      refuseKeyElsewhere('encryptionKey', encryptionKey.env.region, Stack.of(this).region);
      letServicesUseKey(this, encryptionKey);
    }
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
    this.catalog = new Catalog(this, 'Catalog', { ...common, bucket: this.bucket });

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
}
