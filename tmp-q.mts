import { measureQuestions } from './bench/questions.ts';
const root = process.cwd();
const t = Date.now();
console.log(JSON.stringify(await measureQuestions(root + '/dist/command/connect-proficiency-exporter.js', { users: +process.argv[2]!, dates: +process.argv[3]! })), (Date.now()-t)/1000);
