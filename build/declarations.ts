import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { ApiPackage } from '@microsoft/api-extractor-model';

/** An entry of the package, as package.json exports it. */
export type Entry = 'index' | 'contract';

/** What is found out about an entry. */
export interface Extracts {
  /** The path of a file with all that its types are made of, without what it does not export by name. */
  readonly types: string;
  /** What it exports, with its comments. */
  readonly model: ApiPackage;
}

const SILENT = { default: { logLevel: ExtractorLogLevel.None } };

function extract(root: string, declarations: string, entry: Entry): Extracts {
  const types = join(declarations, `${entry}.d.ts`);
  const model = join(declarations, `${entry}.api.json`);
  const mainEntryPointFilePath = join(declarations, `package/${entry}.d.ts`);
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            module: 'preserve',
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [mainEntryPointFilePath],
        },
      },
      dtsRollup: { enabled: true, untrimmedFilePath: types },
      docModel: { enabled: true, apiJsonFilePath: model },
      messages: {
        // What is exported mentions a type that is not: nobody could name it.
        extractorMessageReporting: {
          ...SILENT,
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Error },
        },
        tsdocMessageReporting: SILENT,
      },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      if (message.logLevel === ExtractorLogLevel.Info) message.handled = true;
    },
  });
  if (!succeeded) throw new Error(`The types of package/${entry}.ts cannot be told.`);
  return { types, model: ApiPackage.loadFromJsonFile(model) };
}

/** Passes on what is found out about each entry; the files are gone afterwards. */
export function withEntries<T>(
  root: string,
  use: (entries: Readonly<Record<Entry, Extracts>>) => T,
): T {
  // Within the clone: declarations name the packages that are installed there.
  const folder = mkdtempSync(join(root, '.types-'));
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const words = ['--project', join(root, 'build/tsconfig.types.json'), '--outDir', folder];
    execFileSync(process.execPath, [tsc, ...words], { stdio: 'inherit' });
    return use({
      index: extract(root, folder, 'index'),
      contract: extract(root, folder, 'contract'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
