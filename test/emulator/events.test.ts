import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { SnapshotPublished } from '../../contract/snapshot-published.ts';
import { shownEvent, shownTemplates } from '../docs/events.ts';
import { type AwsCli, awsCli } from '../support/aws-cli.ts';
import { type EventQueue, queueBehind } from '../support/event-queue.ts';
import { type Moto, startMoto } from '../support/moto.ts';

/** The templates of docs/events.md: cfn-lint reads them, moto deploys them and matches events against their rules. */

const run = promisify(execFile);

let moto: Moto;
let aws: AwsCli;
let folder: string;
let files: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exporter-events-'));
  files = shownTemplates().map((text, index) => {
    const file = join(folder, `template-${index}.yaml`);
    writeFileSync(file, text);
    return file;
  });
  moto = await startMoto();
  aws = awsCli(moto.url);
});

afterAll(async () => {
  await moto?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('cfn-lint finds nothing in the templates', async () => {
  expect(files).toHaveLength(2);
  const { stdout } = await run('cfn-lint', ['--template', ...files]);
  expect(stdout).toBe('');
});

/** Deploys a template, and puts a queue in place of the rule's own target. */
async function deploy(
  index: number,
  target: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<EventQueue> {
  const name = `rule-${index}`;
  const given = Object.entries(parameters).map(
    ([key, value]) => `ParameterKey=${key},ParameterValue=${value}`,
  );
  await aws(
    ...['cloudformation', 'create-stack', '--stack-name', name],
    ...['--template-body', `file://${files[index]}`],
    ...(given.length > 0 ? ['--parameters', ...given] : []),
  );
  const { Rules } = z
    .object({ Rules: z.array(z.object({ Name: z.string() })) })
    .parse(await aws('events', 'list-rules'));
  const rule = Rules.find(({ Name }) => Name.startsWith(name));
  if (!rule) throw new Error(`There is no rule of ${name}.`);
  return queueBehind(aws, rule.Name, [target]);
}

async function send(detail: SnapshotPublished): Promise<void> {
  const { source, 'detail-type': detailType } = shownEvent();
  const entry = { Source: source, DetailType: detailType, Detail: JSON.stringify(detail) };
  await aws('events', 'put-events', '--entries', JSON.stringify([entry]));
}

/** A function of somebody else's. */
async function theirFunction(): Promise<string> {
  const zip = join(folder, 'function.zip');
  writeFileSync(join(folder, 'index.mjs'), 'export const handler = () => {};');
  await run('python3', ['-m', 'zipfile', '-c', zip, join(folder, 'index.mjs')]);
  const lambda = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } };
  const trust = { Version: '2012-10-17', Statement: [{ ...lambda, Action: 'sts:AssumeRole' }] };
  await aws(
    ...['iam', 'create-role', '--role-name', 'theirs'],
    ...['--assume-role-policy-document', JSON.stringify(trust)],
  );
  const { FunctionArn } = z
    .object({ FunctionArn: z.string() })
    .parse(
      await aws(
        ...['lambda', 'create-function', '--function-name', 'theirs', '--runtime', 'nodejs22.x'],
        ...['--role', 'arn:aws:iam::123456789012:role/theirs', '--handler', 'index.handler'],
        ...['--zip-file', `fileb://${zip}`],
      ),
    );
  return FunctionArn;
}

test('the rule in front of a topic lets the event through, but not that of a first snapshot', async () => {
  const queue = await deploy(0, 'Topic');
  const { detail } = shownEvent();
  await send({ ...detail, changes: null, changesUri: null });
  expect(await queue.received()).toEqual([]);
  await send(detail);
  expect(await queue.received()).toMatchObject([{ detail }]);
});

test('the rule in front of a function lets the events of its instance through, and no others', async () => {
  const { detail } = shownEvent();
  const queue = await deploy(1, 'Function', {
    FunctionArn: await theirFunction(),
    InstanceId: detail.instanceId,
  });
  await send({ ...detail, instanceId: 'another' });
  expect(await queue.received()).toEqual([]);
  await send(detail);
  expect(await queue.received()).toMatchObject([{ detail }]);
});
