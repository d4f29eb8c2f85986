import { synthesize } from '../support/synthesize.ts';

describe('the outputs', () => {
  it.each([
    ['eu-west-1', 'eu-west-1.console.aws.amazon.com'],
    ['cn-north-1', 'cn-north-1.console.amazonaws.cn'],
    ['us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
  ])('lead to the console of %s', (region, domain) => {
    const { StartRun, ...links } = synthesize({ region }).findOutputs('*');
    expect(Object.keys(links)).toEqual(['Runs', 'Dashboard', 'Workgroup', 'DataBucket']);
    for (const { Value } of Object.values(links)) {
      expect(JSON.stringify(Value)).toContain(`https://${domain}/`);
      expect(JSON.stringify(Value)).toContain(`?region=${region}`);
    }
  });
});
