import { Command } from 'commander';

/** `proficiencies verify`: whether the snapshots are what was published. */
export const verifyCommand = (): Command =>
  new Command('verify')
    .description('compare every snapshot with its manifest: bytes, rows, checksum, users')
    .argument('[path]', 'a folder, or s3://bucket/prefix', './out')
    .action(async (path: string) => {
      const { runVerify } = await import('./run-verify.ts');
      await runVerify(path);
    });
