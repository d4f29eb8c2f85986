import { z } from 'zod';
import { ConfigurationError } from './configuration-error.ts';

/** Values by key, not checked yet. */
export type Values = Readonly<Record<string, unknown>>;

export interface Deployment {
  readonly name: string;
  /** What was given for it, by cdk.json and the command line; the latter wins. */
  readonly given: Values;
}

export const DEFAULT_DEPLOYMENT = 'default';

/** Keys of the CDK and of its plug-ins carry a separator: `@aws-cdk/…`, `aws:cdk:…`, `cli-telemetry`. */
const OWN_KEY = /^[A-Za-z]+$/;
const SELECTORS = ['deployment', 'deployments'];

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
export function chooseDeployment(context: Values): Deployment {
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
    Object.entries(context).filter(([key]) => OWN_KEY.test(key) && !SELECTORS.includes(key)),
  );
