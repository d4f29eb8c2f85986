import { readFileSync } from 'node:fs';
import { METRICS } from '../../contract/metrics.ts';
import { estimatedMonthlyCost } from '../../doctor/checks/quotas.ts';
import { SHUTDOWN_MARGIN_MS } from '../../lambda/deadline.ts';
import { resolveSettings } from '../../lib/settings/resolve.ts';
import { MEMORY_MIB } from '../../lib/worker/deriver.ts';
import { SLICE_LIMIT } from '../../lib/worker/worker.ts';
import { INSTANCE_A, synthesize } from '../support/synthesize.ts';
import { historyCost, monthlyCost, runSeconds, type Usage } from './cost.ts';
import { tableBelow } from './markdown.ts';

const alarmMetrics = Object.values(synthesize().findResources('AWS::CloudWatch::Alarm'))
  .flatMap(({ Properties }) => Properties.Metrics ?? [{ MetricStat: Properties.MetricName }])
  .filter((metric) => metric.MetricStat !== undefined).length;

const { quotaShare, memoryMiB, oldVersionsDays } = resolveSettings({ instanceIds: [INSTANCE_A] });

/** What the README says it computes: everything as it is deployed where nothing is said. */
const usageOf = (users: number): Usage => ({
  users,
  requestsPerSecond: quotaShare * 2,
  memoryMiB,
  deriverMemoryMiB: MEMORY_MIB,
  sliceSeconds: SLICE_LIMIT.toSeconds() - SHUTDOWN_MARGIN_MS / 1000,
  runsPerMonth: 30,
  alarmMetrics,
  customMetrics: Object.keys(METRICS).length,
  queriesPerMonth: 1000,
  bytesPerUser: 110,
  // 17 kB for 8,000 users of whom 2 % have other proficiencies on the next day.
  changeBytesPerUser: 2,
  snapshotsKept: 365,
  oldVersionsDays,
});

const inWords = (seconds: number): string => {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

function line(users: number): string[] {
  const usage = usageOf(users);
  const cost = monthlyCost(usage);
  const { lambda, workflow, s3, athena, cloudWatch } = cost;
  const together = Object.values(cost).reduce((sum, dollars) => sum + dollars, 0);
  return [
    users.toLocaleString('en'),
    inWords(runSeconds(usage)),
    ...[lambda, workflow, s3, athena, cloudWatch, together, historyCost(usage)].map((dollars) =>
      dollars.toFixed(2),
    ),
  ];
}

it('the table of the README is what the deployed stack costs', () => {
  const table = tableBelow(readFileSync('README.md', 'utf8'), 'What it costs');
  expect(table).toEqual([500, 5000, 50_000].map(line));
});

it.each([500, 5000, 50_000])(
  'for %d users is what doctor estimates, but for a few cents',
  (users) => {
    const together = Object.values(monthlyCost(usageOf(users))).reduce(
      (sum, dollars) => sum + dollars,
    );
    expect(Math.abs(estimatedMonthlyCost(users) - together)).toBeLessThan(0.05);
  },
);

describe('the cost', () => {
  const usage = usageOf(1600);

  it('of Lambda is that of the time in which the users are read, and then compared', () => {
    // 1,600 users and two pages of ListUsers at 1.6 requests per second: 1,001.25 s with half a GiB.
    expect(runSeconds(usage)).toBeCloseTo(1001.25);
    // And then 1.128 s with 1,769 MiB.
    const gbSeconds = 500.625 + 1.128 * (1769 / 1024);
    expect(monthlyCost(usage).lambda).toBeCloseTo(30 * (gbSeconds * 0.0000133334 + 3 * 2e-7), 9);
  });

  it('of the workflow is that of two slices, what follows them, and an event', () => {
    expect(monthlyCost(usage).workflow).toBeCloseTo((30 * 16 * 0.025) / 1000 + 30e-6, 9);
  });

  it('of a query is at least that of 10 MB', () => {
    expect(monthlyCost({ ...usage, queriesPerMonth: 1 }).athena).toBeCloseTo(0.00005, 9);
    expect(monthlyCost({ ...usage, users: 1e6, queriesPerMonth: 1 }).athena).toBeCloseTo(
      0.00055,
      9,
    );
  });

  it('of a question about history is that of two objects of each day, listed and got', () => {
    const requests = (730 * (0.005 + 0.0004)) / 1000;
    expect(historyCost({ ...usage, queriesPerMonth: 1 })).toBeCloseTo(0.00005 + requests, 9);
    // 100,000 users have 200 kB of changes a day, 146 MB in two years' worth of objects.
    const many = { ...usage, users: 100_000, queriesPerMonth: 1 };
    expect(historyCost(many)).toBeCloseTo(0.00073 + requests, 9);
  });
});
