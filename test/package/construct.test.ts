import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { ProficiencyExporter } from '../../lib/proficiency-exporter.ts';
import { INSTANCE_A, UNCHECKED } from '../support/synthesize.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { type ConsumerApp, cdkInit, edit, here, install, installed, personAt } from './consumer.ts';
import { tarball } from './tarball.ts';

const newFolder = temporaryFolders();
/** A folder with all that `cdk init` would install into an app for its commands, and the package. */
let above: string;
let packed: string;

beforeAll(async () => {
  packed = await tarball();
  above = newFolder();
  const tools = ['aws-cdk', 'tsx', 'typescript', '@types/node', '@types/jest'];
  install(above, packed, ...['aws-cdk-lib', 'constructs', ...tools].map(here));
});

it('has nothing that publint or are-the-types-wrong find', () => {
  const folder = join(above, 'node_modules/connect-proficiency-exporter');
  const words = [resolve('test/package/healthy.ts'), packed, folder];
  const found = execFileSync(resolve('node_modules/.bin/tsx'), words, { encoding: 'utf8' });
  expect(JSON.parse(found)).toEqual({ types: [], messages: [] });
});

/** The line that `cdk init` leaves to people, and what they write instead. */
const HERE = '// The code that defines your stack goes here';
const SIX_LINES = `
    const exporter = new ProficiencyExporter(this, 'Exporter', {
      instanceIds: ['${INSTANCE_A}'],
    });
    exporter.bucket.bucketName;`;

const APPS: Readonly<Record<string, () => Promise<ConsumerApp>>> = {
  async 'a TypeScript app (CommonJS)'() {
    const app = await cdkInit(above, 'commonjs', 'typescript');
    edit(app, 'lib/app-stack.ts', [
      [/^/, "import { ProficiencyExporter } from 'connect-proficiency-exporter';\n"],
      [HERE, SIX_LINES],
    ]);
    return app;
  },
  async 'a TypeScript app (ES modules)'() {
    const app = await cdkInit(above, 'modules', 'typescript');
    edit(app, 'package.json', [['{', '{ "type": "module",']]);
    edit(app, 'bin/app.ts', [["'../lib/app-stack'", "'../lib/app-stack.js'"]]);
    edit(app, 'test/app.test.ts', [["'../lib/app-stack'", "'../lib/app-stack.js'"]]);
    edit(app, 'lib/app-stack.ts', [
      [/^/, "import { ProficiencyExporter } from 'connect-proficiency-exporter';\n"],
      [HERE, SIX_LINES],
    ]);
    return app;
  },
  async 'a JavaScript app'() {
    const app = await cdkInit(above, 'javascript', 'javascript');
    edit(app, 'lib/app-stack.js', [
      [/^/, "const { ProficiencyExporter } = require('connect-proficiency-exporter');\n"],
      [HERE, SIX_LINES],
    ]);
    return app;
  },
};

const contextSchema = z.object({ context: z.record(z.string(), z.unknown()) });

/** What the sources of this clone make of a context; made once of each, for it takes esbuild. */
const made = new Map<string, unknown>();

/** What the sources of this clone make in such an app. */
function madeOfSources({ folder }: ConsumerApp): unknown {
  const json: unknown = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  const { context } = contextSchema.parse(json);
  const key = JSON.stringify(context);
  const template = made.get(key) ?? synthesizeSources(context);
  made.set(key, template);
  return template;
}

function synthesizeSources(context: Readonly<Record<string, unknown>>): unknown {
  // As deep below the clone as `cdk.out`: source maps name the sources from there.
  const outdir = mkdtempSync('.cdk.out-');
  try {
    const stack = new Stack(new App({ ...UNCHECKED, outdir, context }), 'AppStack');
    new ProficiencyExporter(stack, 'Exporter', { instanceIds: [INSTANCE_A] });
    return Template.fromStack(stack).toJSON();
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

describe.each(Object.keys(APPS))('%s', (name) => {
  it('synthesizes what the clone would, the functions to the byte', async () => {
    const app = await APPS[name]?.();
    if (!app) throw new Error(name);
    const { exitCode, stderr } = await app.run(
      'npx cdk synth --quiet --no-notices --no-path-metadata --no-asset-metadata --no-version-reporting',
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const template = readFileSync(join(app.folder, 'cdk.out/AppStack.template.json'), 'utf8');
    expect(JSON.parse(template)).toEqual(madeOfSources(app));
  });
});

const peersSchema = z.object({ peerDependencies: z.record(z.string(), z.string()) });

it('needs no esbuild and no lock file, and the oldest CDK that it allows', () => {
  const { peerDependencies } = peersSchema.parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const oldest = (peer: string): string => `${peer}@${peerDependencies[peer]?.replace('^', '')}`;
  const folder = newFolder();
  install(folder, packed, oldest('aws-cdk-lib'), oldest('constructs'));
  expect(installed(folder).filter((peer) => !peer.startsWith('@aws-cdk/'))).toEqual([
    'aws-cdk-lib',
    'connect-proficiency-exporter',
    'constructs',
    'zod',
  ]);
  const program = `
    const { App, Stack } = require('aws-cdk-lib');
    const { ProficiencyExporter } = require('connect-proficiency-exporter');
    const stack = new Stack(new App(), 'AppStack');
    new ProficiencyExporter(stack, 'Exporter', { instanceIds: ['${INSTANCE_A}'] });
    const { template } = stack.node.root.synth().getStackByName('AppStack');
    console.log(Object.keys(template.Resources).length);`;
  const options = { cwd: folder, encoding: 'utf8', env: personAt(folder) } as const;
  const resources = execFileSync(process.execPath, ['-e', program], options);
  expect(Number(resources)).toBeGreaterThan(30);
});
