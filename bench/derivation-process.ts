import { costOf } from './cost.ts';
import { derivationTaskSchema, perform } from './derivation-task.ts';

const task = derivationTaskSchema.parse(JSON.parse(process.argv[2] ?? ''));
process.stdout.write(JSON.stringify(await costOf(() => perform(task))));
