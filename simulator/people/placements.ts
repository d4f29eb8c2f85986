import { ABOUT, fraction, hash, pick, type Random, randomStream } from '../random.ts';
import { type HierarchyGroup, pathOf, pickGroup } from './hierarchy.ts';
import type { Life } from './records.ts';
import { pickRoutingProfile, type RoutingProfile } from './routing-profiles.ts';
import { uuid } from './user-ids.ts';

/** Where somebody works: what SearchUsers and DescribeUser say beyond the names. */
export interface Placement {
  /** Absent for those who belong to no group. */
  readonly hierarchyGroup?: HierarchyGroup;
  readonly routingProfile: RoutingProfile;
  readonly securityProfileIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Seconds; 0 means without end. */
  readonly afterContactWorkS: number;
}

/** Where one can work. */
export interface Workplaces {
  readonly hierarchy: HierarchyGroup;
  readonly routingProfiles: readonly RoutingProfile[];
}

/**
 * How often somebody gets another group, and perhaps another routing profile, on a day. AWS does not say whether ListUsers gives
 * that user another LastModifiedTime; here it does not, so that whoever skips users by it is found out.
 */
const SHARE_MOVED = 0.003;

const AFTER_CONTACT_WORK_S = [0, 0, 0, 30, 120];

/** Where a user works on a day. */
export function placementOn(day: number, life: Life, workplaces: Workplaces): Placement {
  const { seed, index } = life;
  const random = randomStream(seed, index, placedOn(day, life), ABOUT.placement);
  const group = pickGroup(random, workplaces.hierarchy);
  return {
    ...(group.level > 0 && { hierarchyGroup: group }),
    routingProfile: pickRoutingProfile(random, workplaces.routingProfiles, group),
    securityProfileIds: securityProfiles(group).map((name) => securityProfileId(seed, name)),
    tags: tagsOf(randomStream(seed, index, ABOUT.tags), group),
    afterContactWorkS: pick(
      randomStream(seed, index, ABOUT.afterContactWork),
      AFTER_CONTACT_WORK_S,
    ),
  };
}

/** The day of the last move, or that of the creation. */
function placedOn(day: number, { seed, index, born }: Life): number {
  for (let one = day; one > born; one--) {
    if (fraction(seed, index, one, ABOUT.move) < SHARE_MOVED) return one;
  }
  return born;
}

/** Connect makes these with the instance. */
const SECURITY_PROFILES = ['Agent', 'CallCenterManager', 'QualityAnalyst'] as const;

type SecurityProfile = (typeof SECURITY_PROFILES)[number];

/** Who works above the teams, leads them. */
function securityProfiles({ level }: HierarchyGroup): readonly SecurityProfile[] {
  if (level === 1) return ['CallCenterManager', 'QualityAnalyst'];
  return level === 2 ? ['Agent', 'CallCenterManager'] : ['Agent'];
}

function securityProfileId(seed: number, name: SecurityProfile): string {
  const number = SECURITY_PROFILES.indexOf(name);
  return uuid(hash(seed, number, ABOUT.securityProfile), seed, number, ABOUT.securityProfile);
}

const SHARE_TAGGED = 0.7;

/** Made by CloudFormation, which leaves the tags that AWS reserves for itself. */
const SHARE_OF_A_STACK = 0.05;

/** Tags as they grow over the years: some people have them, some of them empty, in more than one language. */
function tagsOf(random: Random, group: HierarchyGroup): Record<string, string> {
  const [site, department] = pathOf(group);
  const isTagged = random() < SHARE_TAGGED;
  return {
    ...(isTagged &&
      site && { 'cost-centre': `${department?.name ?? 'Site'} / ${site.name}`, site: site.name }),
    ...(isTagged && random() < 0.1 && { 'Équipe/projet': pick(random, ['Été 2026', '']) }),
    ...(random() < SHARE_OF_A_STACK && { 'aws:cloudformation:stack-name': 'contact-centre-users' }),
  };
}
