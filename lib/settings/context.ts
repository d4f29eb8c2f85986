import { Arn, ArnFormat } from 'aws-cdk-lib';
import { z } from 'zod';
import { type ConnectInstance, parseInstance } from '../../contract/instance.ts';
import { ConfigurationError } from './configuration-error.ts';
import { refuseKeyElsewhere, refuseKeyOfOtherPartition } from './encryption-key.ts';
import { parseSettings, type Settings, settingsSchema } from './schema.ts';

/** Values by key, not checked yet. */
export type Values = Readonly<Record<string, unknown>>;

interface Deployment {
  readonly name: string;
  /** What was given for it, by cdk.json and the command line; the latter wins. */
  readonly given: Values;
}

const DEFAULT_DEPLOYMENT = 'default';

const SELECTORS = ['deployment', 'deployments'];

const withoutSeparators = (key: string): string => key.replaceAll(/[-_]/g, '').toLowerCase();

const SETTINGS = new Set(Object.keys(settingsSchema.shape).map(withoutSeparators));

/** Keys of the CDK and of its plug-ins carry a separator: `@aws-cdk/…`, `aws:cdk:…`, `cli-telemetry`. So does `quota-share`, by mistake. */
const isOwn = (key: string): boolean =>
  /^[A-Za-z]+$/.test(key) || SETTINGS.has(withoutSeparators(key));

const deploymentsSchema = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/),
  z.record(z.string(), z.unknown()),
);

/**
 * Finds what was given for the deployment that `-c deployment=name` chooses (else `default`).
 *
 * @param context of the CDK app: cdk.json and `-c` in one, as the CDK merges them
 * @throws ConfigurationError
 */
function chooseDeployment(context: Values): Deployment {
  const deployments = deploymentsSchema.safeParse(context.deployments ?? {});
  if (!deployments.success) {
    throw new ConfigurationError([
      `deployments is ${JSON.stringify(context.deployments)}, expected {"<name>": {"<setting>": <value>}} in cdk.json, with names of letters, digits and hyphens.`,
    ]);
  }
  const name = context.deployment ?? DEFAULT_DEPLOYMENT;
  const names = [...new Set([DEFAULT_DEPLOYMENT, ...Object.keys(deployments.data)])];
  if (typeof name !== 'string' || !names.includes(name)) {
    throw new ConfigurationError([
      `deployment is ${JSON.stringify(name)}, expected one of those in cdk.json: ${names.join(', ')}.`,
    ]);
  }
  return { name, given: { ...deployments.data[name], ...settingsAmong(context) } };
}

const settingsAmong = (context: Values): Values =>
  Object.fromEntries(
    Object.entries(context).filter(([key]) => isOwn(key) && !SELECTORS.includes(key)),
  );

/** A deployment: its stack, and its settings as far as they were given. */
export interface Configuration extends Readonly<Settings> {
  readonly stackName: string;
}

/**
 * Reads the deployment to synthesize from the CDK context.
 *
 * The command line (`-c key=value`) wins over the deployment's entry under `deployments` in cdk.json;
 * what neither says is left to the exporter's defaults.
 *
 * @param credentialsRegion the Region of the credentials, where it is known: there the stack goes if nothing names a Region
 * @throws ConfigurationError with all that is wrong at once
 */
export function readConfiguration(context: Values, credentialsRegion?: string): Configuration {
  const { name, given } = chooseDeployment(context);
  const settings = parseSettings(settingsSchema, given);
  refuseHalfNetwork(settings);
  const instances = settings.instanceIds.flatMap((text) => parseInstance(text) ?? []);
  const region = onePlace('region', settings.region, instances);
  refuseKeyOfOtherPartition('kmsKeyArn', settings.kmsKeyArn);
  refuseKeyElsewhere('kmsKeyArn', keyRegion(settings.kmsKeyArn), region ?? credentialsRegion);
  return {
    ...settings,
    account: onePlace('account', settings.account, instances),
    region,
    stackName: stackNameOf(name),
  };
}

/** One stack per deployment, so that several can live side by side in one account. */
const stackNameOf = (deployment: string): string =>
  deployment === DEFAULT_DEPLOYMENT
    ? 'ConnectProficiencyExporter'
    : `ConnectProficiencyExporter-${deployment}`;

/** A VPC and its subnets go together, and security groups with them. */
function refuseHalfNetwork({ vpcId, subnetIds, securityGroupIds }: Settings): void {
  if ((vpcId === undefined) !== (subnetIds === undefined)) {
    throw new ConfigurationError([
      `vpcId is ${vpcId ?? 'missing'} and subnetIds is ${subnetIds?.join(',') ?? 'missing'}, expected both or neither.`,
    ]);
  }
  if (securityGroupIds === undefined || vpcId !== undefined) return;
  throw new ConfigurationError([
    `securityGroupIds is ${securityGroupIds.join(',')} and vpcId is missing, expected a VPC with its security groups.`,
  ]);
}

const keyRegion = (keyArn: string | undefined): string | undefined =>
  keyArn && Arn.split(keyArn, ArnFormat.SLASH_RESOURCE_NAME).region;

/** The one account or Region that everything names, if anything does. */
function onePlace(
  place: 'account' | 'region',
  given: string | undefined,
  instances: readonly ConnectInstance[],
): string | undefined {
  const named = [given, ...instances.map((instance) => instance[place])];
  const places = new Set(named.filter((value) => value !== undefined));
  if (places.size <= 1) return [...places][0];
  throw new ConfigurationError([
    `instanceIds and ${place} name ${[...places].join(' and ')}, expected one ${place} per deployment: give the others a deployment of their own in cdk.json.`,
  ]);
}
