import { METRICS } from '../../../contract/metrics.ts';
import { INSTANCE_A, INSTANCE_B, synthesize } from '../../support/synthesize.ts';

describe('the dashboard', () => {
  const template = synthesize({ instanceIds: [INSTANCE_A, INSTANCE_B] });
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const text = JSON.stringify(dashboard?.Properties.DashboardBody).replaceAll('\\"', '"');

  it('shows every metric of the worker', () => {
    for (const metric of Object.values(METRICS)) expect(text).toContain(`"${metric}"`);
  });

  it('shows every instance in every graph of the worker’s metrics', () => {
    const count = (word: string) => text.split(`"${word}"`).length;
    expect(count(INSTANCE_A)).toBeGreaterThan(9);
    expect(count(INSTANCE_A)).toBe(count(INSTANCE_B));
  });

  it.each(['Alarms', 'Runs', 'Duration of a run, minutes', 'Age of the snapshot, hours'])(
    'has a graph of %s',
    (title) => {
      expect(text).toContain(`"title":"${title}"`);
    },
  );
});
