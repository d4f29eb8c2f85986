import { CfnOutput } from 'aws-cdk-lib';
import { readConfiguration } from '../../lib/settings/context.ts';
import { ExporterStack } from '../../lib/stack.ts';
import { sampled } from '../support/breadth.ts';
import { INSTANCE_A, testApp, UNCHECKED } from '../support/synthesize.ts';

/** What the stack prints at the end of its deployment to a Region, by the name of the output. */
function outputsIn(region: string): Readonly<Record<string, unknown>> {
  const app = testApp({ instanceIds: INSTANCE_A, region }, UNCHECKED);
  const stack = new ExporterStack(app, readConfiguration(app.node.getAllContext()));
  const outputs = stack.node.children.filter((node) => node instanceof CfnOutput);
  return Object.fromEntries(outputs.map(({ node, value }) => [node.id, stack.resolve(value)]));
}

describe('the outputs', () => {
  // The sample: a Region of `aws`, one of a domain of its own, one that is newer than the CDK, one without a domain.
  const regions = [
    ['eu-west-1', 'eu-west-1.console.aws.amazon.com'],
    ['cn-north-1', 'cn-north-1.console.amazonaws.cn'],
    ['us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
    ['eusc-de-east-1', 'eusc-de-east-1.console.amazonaws-eusc.eu'],
    // Newer than the CDK: its partition is that of its neighbours.
    ['eu-west-9', 'eu-west-9.console.aws.amazon.com'],
    ['us-gov-central-1', 'us-gov-central-1.console.amazonaws-us-gov.com'],
  ] as const;

  it.each(
    sampled(regions, ([region]) =>
      ['eu-west-1', 'cn-north-1', 'us-gov-central-1'].includes(region),
    ),
  )('lead to the console of %s', (region, domain) => {
    const { StartRun, ...links } = outputsIn(region);
    expect(Object.keys(links)).toEqual(['Runs', 'Dashboard', 'Workgroup', 'DataBucket']);
    for (const value of Object.values(links)) {
      expect(JSON.stringify(value)).toContain(`https://${domain}/`);
      expect(JSON.stringify(value)).toContain(`?region=${region}`);
    }
  });

  it.each(
    sampled(['us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'], (_, index) => index === 0),
  )('name what there is in %s, whose console has no public address', (region) => {
    const { StartRun, ...names } = outputsIn(region);
    expect(StartRun).toBeDefined();
    expect(Object.keys(names)).toEqual(['Runs', 'Dashboard', 'Workgroup', 'DataBucket']);
    expect(JSON.stringify(names)).not.toContain('https://');
  });
});
