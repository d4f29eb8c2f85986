import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { ask, isUnanswered, Unanswered } from '../../aws/ask.ts';
import type { Deployment } from '../../aws/deployment/parts.ts';
import { extrasOf, readTemplate } from '../../aws/deployment/template.ts';
import { MANIFESTS_PREFIX, RUNS_PREFIX, SNAPSHOTS_PREFIX } from '../../contract/keys.ts';
import { type Extras, factsOf, operationsFor } from '../../contract/operations.ts';
import { partitionOf } from '../../contract/region.ts';
import { type Check, type Finding, failed, inRunbook, notAsked, ok, warning } from '../check.ts';
import { unanswered } from '../unanswered.ts';
import { WITHOUT_EXTRAS } from './extras.ts';
import type { Identity } from './identity.ts';

/** Whether the worker must be allowed something, can do without it, or must not be allowed it. */
type Duty = 'must' | 'should' | 'must not';

/** What is asked of IAM. */
interface Question {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly duty: Duty;
}

/** Of whose role, for which instances. */
export interface Deployed {
  readonly identity: Identity;
  readonly deployment: Deployment;
  readonly instances: readonly string[];
}

function questions(
  { identity, deployment, instances }: Deployed,
  extras: Extras,
  region: string,
): Question[] {
  const partition = partitionOf(region);
  const arns = instances.map(
    (id) => `arn:${partition}:connect:${region}:${identity.account}:instance/${id}`,
  );
  const agents = arns.map((arn) => `${arn}/agent/*`);
  const { bucket } = deployment.parts;
  const objects = [SNAPSHOTS_PREFIX, MANIFESTS_PREFIX, RUNS_PREFIX].map(
    (prefix) => `arn:${partition}:s3:::${bucket}/${prefix}doctor`,
  );
  return [
    ...operationsFor(extras)
      .map(factsOf)
      .map(
        ({ name, dependsOn = [], resources, isAskedFor }): Question => ({
          actions: [name, ...dependsOn].map((action) => `connect:${action}`),
          resources: arns.flatMap((arn) => resources.map((part) => `${arn}${part}`)),
          duty: isAskedFor ? 'should' : 'must',
        }),
      ),
    {
      actions: ['connect:UpdateUserProficiencies', 'connect:DeleteUser'],
      resources: agents,
      duty: 'must not' as const,
    },
    ...(bucket === undefined
      ? []
      : [
          { actions: ['s3:GetObject', 's3:PutObject'], resources: objects, duty: 'must' as const },
          { actions: ['s3:DeleteObject'], resources: objects, duty: 'must not' as const },
        ]),
    { actions: ['iam:PassRole', 'iam:CreateRole'], resources: ['*'], duty: 'must not' as const },
  ];
}

/** Which of the actions are not allowed, or are that must not be. */
async function wrongOf(
  client: IAMClient,
  PolicySourceArn: string,
  { actions, resources, duty }: Question,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn,
    ActionNames: [...actions],
    ResourceArns: [...resources],
  });
  const { EvaluationResults = [] } = await ask(
    'iam:SimulatePrincipalPolicy',
    client.send(command, { abortSignal }),
  );
  const decisions = EvaluationResults.flatMap(
    ({ EvalActionName: action = '', EvalDecision, ResourceSpecificResults = [] }) =>
      ResourceSpecificResults.length === 0
        ? [{ action, isAllowed: EvalDecision === 'allowed' }]
        : ResourceSpecificResults.map(({ EvalResourceDecision }) => ({
            action,
            isAllowed: EvalResourceDecision === 'allowed',
          })),
  );
  return decisions
    .filter(({ isAllowed }) => isAllowed === (duty === 'must not'))
    .map(({ action }) => action);
}

/** What is wrong, by what ought to be: actions, each once. */
type Wrong = Readonly<Record<Duty, ReadonlySet<string>>>;

const LACKED = 'its policy was changed, or another policy denies it';

function judged({ must: lacking, should: missed, 'must not': excessive }: Wrong): Finding[] {
  const findings = [
    ...(lacking.size > 0
      ? [
          failed(
            `The worker's role lacks ${[...lacking].join(', ')}: ${LACKED}`,
            inRunbook('AccessDenied'),
          ),
        ]
      : []),
    ...(missed.size > 0
      ? [
          warning(
            `The worker's role lacks ${[...missed].join(', ')}, for teams and predefined attributes: ${LACKED}`,
            WITHOUT_EXTRAS,
          ),
        ]
      : []),
    ...(excessive.size > 0
      ? [
          failed(
            `The worker's role may ${[...excessive].join(', ')}, which it must not`,
            'take the policy away from the role; npx cdk deploy --revert-drift restores its own',
          ),
        ]
      : []),
  ];
  return findings.length > 0
    ? findings
    : [ok("The worker's role may do what it needs, and none of what it must not")];
}

interface Clients {
  readonly iam: IAMClient;
  readonly cloudFormation: CloudFormationClient;
  readonly region: string;
}

/** What the settings ask for; where that is not to be had, a snapshot can do without it, and a line says why it was not looked at. */
async function deployedExtras(
  client: CloudFormationClient,
  stackName: string,
  abortSignal: AbortSignal,
): Promise<{ readonly extras: Extras; readonly findings: readonly Finding[] }> {
  try {
    const template = await readTemplate(client, stackName, abortSignal);
    return { extras: extrasOf(template), findings: [] };
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    return {
      extras: { includeUserDetails: 'off', includePredefinedAttributes: false },
      findings: [{ ...unanswered(error), mark: 'warning' }],
    };
  }
}

/** By IAM's own simulation: whether the worker may do what it needs, and not what it must not. */
export const workerRightsCheck = ({ iam, cloudFormation, region }: Clients): Check<Deployed> => ({
  id: 'worker-rights',
  about: "What the worker's role may do",
  calls: ['iam:SimulatePrincipalPolicy', 'cloudformation:GetTemplate'],
  async run(deployed, abortSignal) {
    const { parts, stackName } = deployed.deployment;
    const { account } = deployed.identity;
    if (parts.workerRole === undefined || account === undefined) {
      return { findings: [notAsked("What the worker's role may do: its ARN is not known")] };
    }
    const arn = `arn:${partitionOf(region)}:iam::${account}:role/${parts.workerRole}`;
    const { extras, findings } = await deployedExtras(cloudFormation, stackName, abortSignal);
    const wrong = {
      must: new Set<string>(),
      should: new Set<string>(),
      'must not': new Set<string>(),
    };
    try {
      for (const question of questions(deployed, extras, region)) {
        const actions = await wrongOf(iam, arn, question, abortSignal);
        for (const action of actions) wrong[question.duty].add(action);
      }
    } catch (error) {
      if (!isUnanswered(error, 'denied')) throw error;
      return {
        findings: [
          ...findings,
          notAsked("What the worker's role may do: iam:SimulatePrincipalPolicy is not allowed"),
        ],
      };
    }
    return { findings: [...findings, ...judged(wrong)] };
  },
});
