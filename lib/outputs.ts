import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { bucketUrl, dashboardUrl, stateMachineUrl, workgroupUrl } from './console-links.ts';
import type { ProficiencyExporter } from './proficiency-exporter.ts';

/** Prints, at the end of a deployment, where everything is and how a run is started. */
export function addOutputs(stack: Stack, exporter: ProficiencyExporter): void {
  const { region } = stack;
  const { stateMachineArn } = exporter.stateMachine;
  const output = (id: string, description: string, value: string) =>
    new CfnOutput(stack, id, { description, value });

  output(
    'StartRun',
    'Starts a run of every configured instance now',
    `aws stepfunctions start-execution --region ${region} --state-machine-arn ${stateMachineArn} --input '{}'`,
  );
  output(
    'Runs',
    'All runs and how far they are; "Start execution" starts one, with {} as input',
    stateMachineUrl(region, stateMachineArn),
  );
  output(
    'Dashboard',
    'Runs, rate, throttling, size and age of the snapshots',
    dashboardUrl(region, exporter.dashboard.dashboardName),
  );
  output(
    'Workgroup',
    "Saved queries and past queries; choose this workgroup in Athena's editor",
    workgroupUrl(region, exporter.catalog.workgroupName),
  );
  output(
    'DataBucket',
    'Snapshots, manifests and working files',
    bucketUrl(region, exporter.bucket.bucketName),
  );
}
