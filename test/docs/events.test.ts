import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import * as z from 'zod';
import { changesKey, latestKey, manifestKey, snapshotKey } from '../../contract/keys.ts';
import { testApp, UNCHECKED } from '../support/synthesize.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { shownEvent, shownTemplates } from './events.ts';

const newFolder = temporaryFolders();

const ruleSchema = z.object({
  Properties: z.object({
    EventPattern: z.record(z.string(), z.unknown()),
    Targets: z.tuple([
      z.object({
        InputTransformer: z
          .object({ InputPathsMap: z.record(z.string(), z.string()), InputTemplate: z.string() })
          .optional(),
      }),
    ]),
  }),
});

/** The rule of a template, as CloudFormation would read it. */
function ruleOf(text: string) {
  const templateFile = join(newFolder(), 'template.yaml');
  writeFileSync(templateFile, text);
  const stack = new Stack(testApp({}, UNCHECKED), 'Theirs');
  new CfnInclude(stack, 'Template', { templateFile });
  const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  return ruleSchema.parse(rule).Properties;
}

/** What a path such as `$.detail.users` selects. */
const selected = (event: unknown, path: string): unknown =>
  path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, key) => z.record(z.string(), z.unknown()).parse(value)[key], event);

it('the event that is shown is one that the workflow sends, of objects where they lie', () => {
  const { detail, region } = shownEvent();
  const { instanceId, snapshotDate } = detail;
  expect(detail.region).toBe(region);
  expect(detail).toMatchObject({
    snapshotUri: `s3://BUCKET/${snapshotKey(instanceId, snapshotDate)}`,
    manifestUri: `s3://BUCKET/${manifestKey(instanceId, snapshotDate)}`,
    latestUri: `s3://BUCKET/${latestKey(instanceId)}`,
    changesUri: `s3://BUCKET/${changesKey(instanceId, snapshotDate)}`,
  });
});

it('every rule that is given listens to the source and the detail type of the event', () => {
  const { source, 'detail-type': detailType } = shownEvent();
  const rules = shownTemplates().map(ruleOf);
  expect(rules).toHaveLength(2);
  for (const { EventPattern } of rules) {
    expect(EventPattern).toMatchObject({ source: [source], 'detail-type': [detailType] });
  }
});

it('the message to a topic has a value for each of its places, and is a custom notification', () => {
  const [rule] = shownTemplates().map(ruleOf);
  const { InputPathsMap = {}, InputTemplate = '' } = rule?.Targets[0].InputTransformer ?? {};
  const values = Object.entries(InputPathsMap).map(
    ([name, path]) => [name, selected(shownEvent(), path)] as const,
  );
  const text = values.reduce(
    (filled, [name, value]) => filled.replaceAll(`<${name}>`, String(value)),
    InputTemplate,
  );
  expect(JSON.parse(text)).toEqual({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: 'Proficiencies as of 2026-11-24',
      description:
        '5000 users (12 created and 7 deleted since 2026-11-23); proficiencies: 58 added, 31 removed, 16 with another level.',
    },
  });
});
