import { parseInstance } from '../../contract/instance.ts';
import { DEFAULT_QUOTA_SHARE } from '../../contract/pace.ts';
import { isEverDue, longestGapHours } from '../../contract/schedule-expression.ts';
import { dateIn } from '../../contract/time-zone.ts';
import { ConfigurationError } from './configuration-error.ts';
import { type ExporterSettings, exporterSettingsSchema, parseSettings } from './schema.ts';

/**
 * Hours by which a snapshot may be later than the schedule's interval before someone is woken:
 * 15,000 users at 80 % of the default quota of 2 requests per second take 2.6 hours.
 */
const SNAPSHOT_GRACE_HOURS = 3;

/** The settings that an exporter is made from: checked, complete, its instances named by their ids. */
export interface ResolvedSettings extends Readonly<ExporterSettings> {
  readonly quotaShare: number;
  readonly oldVersionsDays: number;
  readonly snapshotExpectedWithinHours: number | 'off';
}

type Given = { readonly [K in keyof ExporterSettings]?: unknown };

/**
 * Checks what was given and completes it.
 *
 * @param given may have other keys, which are passed over
 * @param now when the stack is synthesized
 * @throws ConfigurationError
 */
export function resolveSettings(given: Given, now = new Date()): ResolvedSettings {
  const settings = parseSettings(exporterSettingsSchema, ownOf(given));
  const today = dateIn(settings.timeZone, now);
  refuseFutureStart(settings, today);
  refuseNeverDue(settings, today);
  refuseTwoRates(settings);
  const instanceIds = idsIn(settings.instanceIds);
  const formerInstanceIds = settings.formerInstanceIds && idsIn(settings.formerInstanceIds);
  refuseFormerAmong(instanceIds, formerInstanceIds ?? []);
  return {
    ...settings,
    instanceIds,
    ...(formerInstanceIds && { formerInstanceIds }),
    quotaShare: settings.quotaShare ?? DEFAULT_QUOTA_SHARE,
    oldVersionsDays: oldVersionsDays(settings),
    snapshotExpectedWithinHours:
      settings.snapshotExpectedWithinHours ?? expectedWithinHours(settings),
  };
}

/** The settings among the props; what is `undefined` counts as not given. */
const ownOf = (given: Given): Given =>
  Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => key in exporterSettingsSchema.shape && value !== undefined,
    ),
  );

const idsIn = (instances: readonly string[]): string[] =>
  instances.flatMap((text) => parseInstance(text)?.id ?? []);

/** An instance is exported or no longer exported; and each id is projected once. */
function refuseFormerAmong(instanceIds: readonly string[], former: readonly string[]): void {
  const both = former.filter((id) => instanceIds.includes(id));
  if (both.length === 0) return;
  throw new ConfigurationError([
    `formerInstanceIds and instanceIds both name ${both.join(', ')}, expected each instance in one of them: in instanceIds while it is exported, in formerInstanceIds afterwards.`,
  ]);
}

/** Athena would find none of the snapshots before it, and say nothing. */
function refuseFutureStart({ firstSnapshotDate }: ExporterSettings, today: string): void {
  if (firstSnapshotDate <= today) return;
  throw new ConfigurationError([
    `firstSnapshotDate is ${firstSnapshotDate}, expected today (${today}) or an earlier date: queries look at no day before it.`,
  ]);
}

/** It would be deployed, and no snapshot would ever come of it. */
function refuseNeverDue({ schedule }: ExporterSettings, today: string): void {
  if (isEverDue(schedule, today)) return;
  throw new ConfigurationError([
    `schedule is ${schedule}, expected one that is due on ${today} or later; to start runs by hand alone, leave it out and set scheduleEnabled to false.`,
  ]);
}

function refuseTwoRates({ quotaShare, requestsPerSecond }: ExporterSettings): void {
  if (quotaShare === undefined || requestsPerSecond === undefined) return;
  throw new ConfigurationError([
    `quotaShare is ${quotaShare} and requestsPerSecond is ${requestsPerSecond}, expected only one of them: a share of the quota or a fixed rate.`,
  ]);
}

/** How long what was replaced or has expired can be brought back; a retention counts these days in. */
function oldVersionsDays(settings: ExporterSettings): number {
  const { snapshotRetentionDays, oldVersionsDays: given } = settings;
  if (snapshotRetentionDays === 'forever') return given ?? 30;
  const days = given ?? 1;
  if (days < snapshotRetentionDays) return days;
  throw new ConfigurationError([
    `oldVersionsDays is ${days} and snapshotRetentionDays is ${snapshotRetentionDays}, expected fewer days for old versions: they are part of the retention.`,
  ]);
}

/** The schedule's interval and a grace; without a schedule nothing is expected. */
function expectedWithinHours(settings: ExporterSettings): number | 'off' {
  if (!settings.scheduleEnabled) return 'off';
  const gap = longestGapHours(settings.schedule);
  const hours = gap === undefined ? undefined : Math.ceil(gap) + SNAPSHOT_GRACE_HOURS;
  if (hours !== undefined && hours <= 168) return hours;
  throw new ConfigurationError([
    `snapshotExpectedWithinHours is missing, expected a whole number of hours from 1 to 168 or off, because ${settings.schedule} leaves open when a snapshot is late.`,
  ]);
}
