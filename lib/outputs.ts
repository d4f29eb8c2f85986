import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { ProficiencyExporter } from './proficiency-exporter.ts';

/** Prints, at the end of a deployment, where everything is and how a run is started. */
export function addOutputs(stack: Stack, exporter: ProficiencyExporter): void {
  const { region } = stack;
  const { stateMachineArn } = exporter.stateMachine;
  const output = (id: string, description: string, value: string) =>
    new CfnOutput(stack, id, { description, value });
  const page = (service: string, rest: string) =>
    `https://${consoleDomain(region)}/${service}/home?region=${region}#${rest}`;

  output(
    'StartRun',
    'Starts a run of every configured instance now',
    `aws stepfunctions start-execution --region ${region} --state-machine-arn ${stateMachineArn} --input '{}'`,
  );
  output(
    'Runs',
    'All runs and how far they are; "Start execution" starts one, with {} as input',
    page('states', `/v2/statemachines/view/${stateMachineArn}`),
  );
  output(
    'Dashboard',
    'Runs, rate, throttling, size and age of the snapshots',
    page('cloudwatch', `dashboards/dashboard/${exporter.dashboard.dashboardName}`),
  );
  output(
    'Workgroup',
    "Saved queries and past queries; choose this workgroup in Athena's editor",
    page('athena', `/workgroups/details/${exporter.catalog.workgroupName}`),
  );
  output(
    'DataBucket',
    'Snapshots, manifests and working files',
    `https://${consoleDomain(region)}/s3/buckets/${exporter.bucket.bucketName}?region=${region}`,
  );
}

/** In China and GovCloud the console has another domain. A Region that is not known yet is taken for one of the others. */
function consoleDomain(region: string): string {
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
}
