import { CfnOutput, type Stack, Token } from 'aws-cdk-lib';
import { partitionOf } from '../contract/region.ts';
import type { ProficiencyExporter } from './proficiency-exporter.ts';

/** Prints, at the end of a deployment, where everything is and how a run is started. */
export function addOutputs(stack: Stack, exporter: ProficiencyExporter): void {
  const { region } = stack;
  const { stateMachineArn } = exporter.stateMachine;
  const { dashboardName } = exporter.dashboard;
  const { workgroupName } = exporter.catalog;
  const { bucketName } = exporter.bucket;
  const output = (id: string, description: string, value: string) =>
    new CfnOutput(stack, id, { description, value });
  const console = consoleDomain(region);
  /** A page of the console; where its address is not known, what is to be looked for there. */
  const page = (name: string, path: string) => (console ? `https://${console}/${path}` : name);

  output(
    'StartRun',
    'Starts a run of every configured instance now',
    `aws stepfunctions start-execution --region ${region} --state-machine-arn ${stateMachineArn} --input '{}'`,
  );
  output(
    'Runs',
    'All runs and how far they are; "Start execution" starts one, with {} as input',
    page(stateMachineArn, `states/home?region=${region}#/v2/statemachines/view/${stateMachineArn}`),
  );
  output(
    'Dashboard',
    'Runs, rate, throttling, size and age of the snapshots',
    page(dashboardName, `cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`),
  );
  output(
    'Workgroup',
    "Saved queries and past queries; choose this workgroup in Athena's editor",
    page(workgroupName, `athena/home?region=${region}#/workgroups/details/${workgroupName}`),
  );
  output(
    'DataBucket',
    'Snapshots, manifests and working files',
    page(bucketName, `s3/buckets/${bucketName}?region=${region}`),
  );
}

/** Where the console of a partition is, after the Region's name. The isolated partitions have no public address. */
const CONSOLE_DOMAINS: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** A Region that is known at deployment only is taken for one of `aws`. */
function consoleDomain(region: string): string | undefined {
  const partition = Token.isUnresolved(region) ? 'aws' : partitionOf(region);
  const domain = CONSOLE_DOMAINS[partition ?? ''];
  return domain && `${region}.${domain}`;
}
