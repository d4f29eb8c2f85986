import { readFileSync } from 'node:fs';
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readConfiguration } from '../../lib/settings/context.ts';
import { ExporterStack } from '../../lib/stack.ts';

/** Ids that no instance has. */
export const INSTANCE_A = '11111111-2222-4333-8444-555555555555';
export const INSTANCE_B = '66666666-7777-4888-9999-aaaaaaaaaaaa';

/** The context of cdk.json: feature flags change what is synthesized. */
export function committedContext(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
    context: Record<string, unknown>;
  };
  return context;
}

/** Context that leaves out what takes long: the bundles, and where each construct was made. */
const QUICK = {
  'aws:cdk:bundling-stacks': [],
  'aws:cdk:disable-creation-stack-traces': true,
};

/** An app as the CDK's command line would start it, but quicker. */
export const testApp = (context: Record<string, unknown> = {}, props: AppProps = {}): App =>
  new App({
    stackTraces: false,
    ...props,
    context: { ...committedContext(), ...QUICK, ...context },
  });

/** The checks of the finished template take seconds; `npm run synth` has them, and stack.test.ts in `npm run test:full`. */
export const UNCHECKED = { builtinCloudFormationValidation: false, treeMetadata: false };

/** Somebody's app without the feature flags of cdk.json, as quick as can be. */
export const theirApp = (): App => new App({ ...UNCHECKED, context: QUICK });

const synthesized = new Map<string, Template>();

/** The template of the stack that `cdk deploy -c …` would deploy; each is synthesized once per test file. */
export function synthesize(context: Record<string, unknown> = {}): Template {
  const key = JSON.stringify(context);
  const known = synthesized.get(key);
  if (known) return known;
  const app = testApp({ instanceIds: INSTANCE_A, ...context }, UNCHECKED);
  const template = Template.fromStack(
    new ExporterStack(app, readConfiguration(app.node.getAllContext())),
  );
  synthesized.set(key, template);
  return template;
}
