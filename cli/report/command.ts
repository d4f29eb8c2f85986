import { join } from 'node:path';
import { Command } from 'commander';
import { date, file, instanceId, snapshotFolder } from '../arguments.ts';
import { requireDuckDb } from '../query/duckdb.ts';

interface ReportArguments {
  readonly out: string;
  readonly to?: string;
  readonly instanceId?: string;
  readonly date?: string;
  readonly team?: string;
  readonly routingProfile?: string;
}

async function run({ to, ...options }: ReportArguments): Promise<void> {
  await requireDuckDb();
  // The charts take a second to load: only those who want them wait for it.
  const { writeReport } = await import('./write-report.ts');
  const path = await writeReport({ ...options, to: to ?? join(options.out, 'report.html') });
  console.log(`Report written to ${path}`);
}

/** `proficiencies report`: one HTML file that shows a snapshot and what changed since the one before. */
export const reportCommand = (): Command =>
  new Command('report')
    .description('write an HTML report on the newest snapshot in a folder')
    .option('--out <folder>', 'the folder that was exported to', snapshotFolder, './out')
    .option('--to <file>', 'the file to write; default: report.html in that folder', file)
    .option('--instance-id <id>', 'one instance, by id or ARN; default: all', instanceId)
    .option('--date <yyyy-MM-dd>', 'the snapshot of this day; default: the newest', date)
    .option(
      '--team <name>',
      'only agents of this group of the agent hierarchy, or of groups below it',
    )
    .option('--routing-profile <name>', 'only agents with this routing profile')
    .action(run);
