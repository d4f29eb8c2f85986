import { PART_SECONDS, PART_USERS } from '../../export/parts/part.ts';
import { PLAN_PAGE_USERS } from '../../export/plan/plan.ts';
import { LEASE_SECONDS } from '../../export/run/lease.ts';

/**
 * List prices in US dollars, us-east-1, without free tiers, as of 2026-11-23 and from memory of AWS's
 * price lists: check them before you budget. Calls to Connect's API cost nothing.
 */
const PRICES = {
  /** AWS Lambda, ARM64, per GB-second. */
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.2 / 1_000_000,
  /** AWS Step Functions, Standard. */
  transition: 0.025 / 1000,
  /** Amazon EventBridge, custom events. */
  event: 1 / 1_000_000,
  s3Put: 0.005 / 1000,
  s3List: 0.005 / 1000,
  s3Get: 0.0004 / 1000,
  s3GbMonth: 0.023,
  /** Per metric that an alarm looks at. */
  alarmMetricMonth: 0.1,
  customMetricMonth: 0.3,
  dashboardMonth: 3,
  /** Amazon Athena, per TB read; a query counts as 10 MB at least. */
  athenaTb: 5,
} as const;

const ATHENA_LEAST_TB = 10 / 1_000_000;

const athenaCost = (bytes: number): number =>
  Math.max(bytes / 1e12, ATHENA_LEAST_TB) * PRICES.athenaTb;

/** What a deployment does in a month, as far as it costs something. */
export interface Usage {
  /** Of one instance. */
  readonly users: number;
  /** To ListUserProficiencies, one for each user. */
  readonly requestsPerSecond: number;
  readonly memoryMiB: number;
  /** Of the deriver. */
  readonly deriverMemoryMiB: number;
  /** How long one slice takes users. */
  readonly sliceSeconds: number;
  readonly runsPerMonth: number;
  readonly alarmMetrics: number;
  readonly customMetrics: number;
  readonly queriesPerMonth: number;
  /** Of a snapshot, compressed. */
  readonly bytesPerUser: number;
  /** Of the changes from one day to the next, compressed, whether or not the user changed. */
  readonly changeBytesPerUser: number;
  readonly snapshotsKept: number;
  /** The copy of the newest snapshot is replaced by each: so many days its earlier versions are kept. */
  readonly oldVersionsDays: number;
}

/** US dollars a month. */
export interface Cost {
  readonly lambda: number;
  /** Step Functions, and the event. */
  readonly workflow: number;
  readonly s3: number;
  readonly athena: number;
  readonly cloudWatch: number;
}

/** States that every run enters once, two of them after the publication, and that every slice enters (lib/workflow). */
const TRANSITIONS = { run: 8, slice: 4 };

/** Objects that a derivation looks at: the changes of a month, each with two manifests; the coverage targets as they were written and as derived. */
const LOOKED_AT = 3 * 31 + 2;

/**
 * Of the deriver with the memory that it has: a start, then reading and comparing two snapshots of 50,000 users took three seconds, and
 * comparing one with coverage targets less than two.
 */
const deriveSeconds = ({ users }: Usage): number => 1 + users / 12_500;

export const runSeconds = ({ users, requestsPerSecond }: Usage): number =>
  (users + Math.ceil(users / PLAN_PAGE_USERS)) / requestsPerSecond;

function s3Cost(usage: Usage, seconds: number, slices: number): number {
  const { users, requestsPerSecond } = usage;
  const parts = Math.ceil(users / Math.min(PART_USERS, PART_SECONDS * requestsPerSecond));
  const pages = Math.ceil(users / PLAN_PAGE_USERS);
  const leases = Math.ceil(seconds / (LEASE_SECONDS / 3)) + 2 * slices;
  // A part is written and recorded; the snapshot may be uploaded in parts, of 5 MiB at least.
  // What is derived is two objects more.
  const puts = pages + 2 * parts + leases + 4 + 2;
  const gets = pages + 2 * parts + 6 * slices + LOOKED_AT;
  const copies = usage.snapshotsKept + 1 + usage.oldVersionsDays;
  const stored = (copies * users * usage.bytesPerUser) / 1e9;
  return (
    usage.runsPerMonth * (puts * PRICES.s3Put + gets * PRICES.s3Get) + stored * PRICES.s3GbMonth
  );
}

/** What a usage costs, by AWS service. Logs, e-mails and the scheduler come to less than a cent. */
export function monthlyCost(usage: Usage): Cost {
  const seconds = runSeconds(usage);
  const slices = Math.ceil(seconds / usage.sliceSeconds);
  const gbSeconds =
    (seconds * usage.memoryMiB + deriveSeconds(usage) * usage.deriverMemoryMiB) / 1024;
  const transitions = TRANSITIONS.run + TRANSITIONS.slice * slices;
  return {
    lambda:
      usage.runsPerMonth *
      (gbSeconds * PRICES.lambdaGbSecond + (slices + 1) * PRICES.lambdaRequest),
    workflow: usage.runsPerMonth * (transitions * PRICES.transition + PRICES.event),
    s3: s3Cost(usage, seconds, slices),
    athena: usage.queriesPerMonth * athenaCost(usage.users * usage.bytesPerUser),
    cloudWatch:
      usage.alarmMetrics * PRICES.alarmMetricMonth +
      usage.customMetrics * PRICES.customMetricMonth +
      PRICES.dashboardMonth,
  };
}

/**
 * What so many questions about history cost: each reads two objects of every date, `changes-between-dates` the changes and the manifest,
 * `agent-history` the changes twice. In Athena, and in S3, which is asked to list every day.
 */
export function historyCost(usage: Usage): number {
  const { users, changeBytesPerUser, snapshotsKept, queriesPerMonth } = usage;
  const objects = 2 * snapshotsKept;
  const requests = objects * (PRICES.s3List + PRICES.s3Get);
  return queriesPerMonth * (athenaCost(objects * users * changeBytesPerUser) + requests);
}
