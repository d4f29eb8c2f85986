import { type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { MANIFESTS_PREFIX, RUNS_PREFIX, SNAPSHOTS_PREFIX } from '../../../contract/keys.ts';
import { OPERATIONS } from '../../../contract/operations.ts';
import { partitionOf } from '../../../contract/region.ts';
import { ask, Unanswered } from '../../aws/ask.ts';
import type { Deployment } from '../../deployment/parts.ts';
import { type Check, type Finding, failed, inRunbook, notAsked, ok } from '../check.ts';
import type { Identity } from './identity.ts';

/** What is asked of IAM: whether all of these actions are allowed, or any. */
interface Question {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly must: boolean;
}

/** Of whose role, for which instances. */
export interface Deployed {
  readonly identity: Identity;
  readonly deployment: Deployment;
  readonly instances: readonly string[];
}

function questions({ identity, deployment, instances }: Deployed, region: string): Question[] {
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
    ...Object.values(OPERATIONS).map(({ name, resources }) => ({
      actions: [`connect:${name}`],
      resources: arns.flatMap((arn) => resources.map((part) => `${arn}${part}`)),
      must: true,
    })),
    {
      actions: ['connect:UpdateUserProficiencies', 'connect:DeleteUser'],
      resources: agents,
      must: false,
    },
    ...(bucket === undefined
      ? []
      : [
          { actions: ['s3:GetObject', 's3:PutObject'], resources: objects, must: true },
          { actions: ['s3:DeleteObject'], resources: objects, must: false },
        ]),
    { actions: ['iam:PassRole', 'iam:CreateRole'], resources: ['*'], must: false },
  ];
}

async function wrongOf(
  client: IAMClient,
  PolicySourceArn: string,
  { actions, resources, must }: Question,
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
  return decisions.filter(({ isAllowed }) => isAllowed !== must).map(({ action }) => action);
}

function judged(lacking: ReadonlySet<string>, excessive: ReadonlySet<string>): Finding[] {
  return [
    ...(lacking.size > 0
      ? [
          failed(
            `The worker's role lacks ${[...lacking].join(', ')}: its policy was changed, or another policy denies it`,
            inRunbook('AccessDenied'),
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
    ...(lacking.size + excessive.size === 0
      ? [ok("The worker's role may do what it needs, and none of what it must not")]
      : []),
  ];
}

/** By IAM's own simulation: whether the worker may do what it needs, and not what it must not. */
export const workerRightsCheck = (client: IAMClient, region: string): Check<Deployed> => ({
  id: 'worker-rights',
  about: "What the worker's role may do",
  calls: ['iam:SimulatePrincipalPolicy'],
  async run(deployed, abortSignal) {
    const { workerRole } = deployed.deployment.parts;
    const { account } = deployed.identity;
    if (workerRole === undefined || account === undefined) {
      return { findings: [notAsked("What the worker's role may do: its ARN is not known")] };
    }
    const arn = `arn:${partitionOf(region)}:iam::${account}:role/${workerRole}`;
    const wrong = { lacking: new Set<string>(), excessive: new Set<string>() };
    try {
      for (const question of questions(deployed, region)) {
        const kind = question.must ? 'lacking' : 'excessive';
        for (const action of await wrongOf(client, arn, question, abortSignal))
          wrong[kind].add(action);
      }
    } catch (error) {
      if (!(error instanceof Unanswered) || error.fault.cause !== 'denied') throw error;
      return {
        findings: [
          notAsked("What the worker's role may do: iam:SimulatePrincipalPolicy is not allowed"),
        ],
      };
    }
    return { findings: judged(wrong.lacking, wrong.excessive) };
  },
});
