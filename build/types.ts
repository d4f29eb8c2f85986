import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

/** The entries of the package, as package.json exports them. */
const ENTRIES = ['index', 'contract'] as const;

const SILENT = { default: { logLevel: ExtractorLogLevel.None } };

/** Puts all that an entry's types are made of into one file, without what it does not export by name. */
function rollUp(root: string, types: string, entry: string, file: string): void {
  const mainEntryPointFilePath = join(types, `package/${entry}.d.ts`);
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
      dtsRollup: { enabled: true, untrimmedFilePath: file },
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
}

/** Writes the types of each entry, for ES modules and for CommonJS. */
export function writeTypes(root: string, dist: string): void {
  const types = mkdtempSync(join(dist, 'types-'));
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const words = ['--project', join(root, 'build/tsconfig.types.json'), '--outDir', types];
    execFileSync(process.execPath, [tsc, ...words], { stdio: 'inherit' });
    for (const entry of ENTRIES) {
      const file = join(dist, `${entry}.d.ts`);
      rollUp(root, types, entry, file);
      writeFileSync(join(dist, `${entry}.d.cts`), readFileSync(file));
    }
  } finally {
    rmSync(types, { recursive: true, force: true });
  }
}
