import { assignmentSchema, contend } from './contender.ts';

const assignment = assignmentSchema.parse(JSON.parse(process.argv[2] ?? ''));
process.stdout.write(JSON.stringify(await contend(assignment)));
