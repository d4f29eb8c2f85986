import { type ConnectInstance, parseInstance } from '../../lambda/contract/instance.ts';
import { ConfigurationError } from './configuration-error.ts';
import { chooseDeployment, DEFAULT_DEPLOYMENT, type Values } from './deployment.ts';
import { parseSettings, type Settings, settingsSchema } from './schema.ts';

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
 * @throws ConfigurationError with all that is wrong at once
 */
export function readConfiguration(context: Values): Configuration {
  const { name, given } = chooseDeployment(context);
  const settings = parseSettings(settingsSchema, given);
  const instances = settings.instanceIds.flatMap((text) => parseInstance(text) ?? []);
  return {
    ...settings,
    account: onePlace('account', settings.account, instances),
    region: onePlace('region', settings.region, instances),
    stackName: stackNameOf(name),
  };
}

/** One stack per deployment, so that several can live side by side in one account. */
const stackNameOf = (deployment: string): string =>
  deployment === DEFAULT_DEPLOYMENT
    ? 'ConnectProficiencyExporter'
    : `ConnectProficiencyExporter-${deployment}`;

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
