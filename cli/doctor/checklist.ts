import { ConnectClient } from '@aws-sdk/client-connect';
import { IAMClient } from '@aws-sdk/client-iam';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { ConnectInstance } from '../../contract/instance.ts';
import type { ClientSettings } from './access.ts';
import { bootstrapCheck } from './checks/bootstrap.ts';
import { instanceCheck, readersCheck, usersCheck } from './checks/connect.ts';
import { deploymentRightsCheck } from './checks/deployment-rights.ts';
import type { Identity } from './checks/identity.ts';
import { quotasCheck } from './checks/quotas.ts';
import type { Run } from './run-checks.ts';

/** What is to be looked at before anything is deployed. */
export interface BeforeDeploying {
  readonly instance: ConnectInstance;
  /** Of the CDK's bootstrap. */
  readonly qualifier: string;
}

/** Begins the checks of an instance, and of the account that an exporter is to be deployed in. */
export function checkBefore(
  run: Run,
  settings: ClientSettings,
  identity: Promise<Identity | undefined>,
  { instance, qualifier }: BeforeDeploying,
): void {
  const question = { client: new ConnectClient(settings), region: settings.region, instance };
  const found = run.start(instanceCheck(question), identity);
  const users = run.start(usersCheck(question), found);
  void run.start(readersCheck(question), users);
  void run.start(quotasCheck(new ServiceQuotasClient(settings)), users);
  const bootstrap = run.start(bootstrapCheck(settings, qualifier), identity);
  void run.start(deploymentRightsCheck(new IAMClient(settings), settings.region), bootstrap);
}
