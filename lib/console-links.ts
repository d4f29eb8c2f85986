import { Token } from 'aws-cdk-lib';

/**
 * Deep links into the AWS console.
 *
 * In China and GovCloud the console lives under another domain, which is known only where the Region is.
 */
const consoleDomain = (region: string): string => {
  if (Token.isUnresolved(region)) return `${region}.console.aws.amazon.com`;
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
};

const page = (region: string, service: string, rest: string): string =>
  `https://${consoleDomain(region)}/${service}/home?region=${region}#${rest}`;

/** The workflow: its runs, and the button that starts one. */
export const stateMachineUrl = (region: string, stateMachineArn: string): string =>
  page(region, 'states', `/v2/statemachines/view/${stateMachineArn}`);

export const dashboardUrl = (region: string, dashboardName: string): string =>
  page(region, 'cloudwatch', `dashboards/dashboard/${dashboardName}`);

/** The workgroup: its saved queries, its past queries, its limits. */
export const workgroupUrl = (region: string, workgroupName: string): string =>
  page(region, 'athena', `/workgroups/details/${workgroupName}`);

export const bucketUrl = (region: string, bucketName: string): string =>
  `https://${consoleDomain(region)}/s3/buckets/${bucketName}?region=${region}`;
