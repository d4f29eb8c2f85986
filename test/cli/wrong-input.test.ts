import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampled } from '../support/breadth.ts';
import { writeWorld } from '../support/published-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';
import { saidAfterFirst, type } from '../support/terminal.ts';
import { KNOWN_WORLD } from './query/known-world.ts';

const newFolder = temporaryFolders();
const ID = '11111111-1111-1111-1111-111111111111';
const own = { ...process.env };
let home: string;
let empty: string;
let file: string;
let folder: string;

beforeAll(() => {
  folder = newFolder();
  writeWorld(folder, KNOWN_WORLD);
  home = newFolder();
  empty = newFolder();
  file = join(newFolder(), 'file');
  writeFileSync(file, '');
});

beforeEach(() => {
  process.env = {
    PATH: own.PATH,
    HOME: home,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
});

afterAll(() => {
  process.env = own;
});

/** What stands for a place in the words below: EMPTY and SNAPSHOTS are folders, FILE is none. */
const placed = (words: readonly string[]): string[] =>
  words.map((word) =>
    word.replace(/^(EMPTY|FILE|SNAPSHOTS)(?=$|\/)/, (place) =>
      place === 'EMPTY' ? empty : place === 'FILE' ? file : folder,
    ),
  );

const MATCH = ['match', 'docs/example-criteria.json'];
const EXPORT = ['export', '--instance-id', ID, '--requests-per-second', '10'];

const WORKBOOK = ['query', 'SELECT 1', '--out', 'SNAPSHOTS', '--format', 'xlsx'];

const LEVEL = (level: string): string[] => [
  ...['query', 'agents-with-proficiency', '--param', `minimum_level=${level}`],
];

/** What DuckDB refuses, and says why. The sample: one before it runs, and one while it does. */
const REFUSED_SQL: readonly [string[], RegExp][] = [
  [['query', 'SELECT nonsense', '--out', 'SNAPSHOTS'], /DuckDB refused the query: .*nonsense/],
  [['query', 'SELEC 1', '--out', 'SNAPSHOTS'], /DuckDB refused the query: Parser Error: /],
  [['query', 'SELECT ?', '--out', 'SNAPSHOTS'], /DuckDB refused the query/],
  [['query', "SELECT CAST('x' AS int)", '--out', 'SNAPSHOTS'], /Conversion Error/],
  [['query', 'SELECT * FROM nowhere', '--out', 'SNAPSHOTS'], /Catalog Error: .*nowhere/],
];

describe('wrong usage is told in one sentence, with exit code 2', () => {
  it.each<[string[], RegExp]>([
    [['nonsense'], /unknown command 'nonsense'/],
    [['--nonsense'], /unknown option '--nonsense'/],
    [['export'], /required option '--instance-id <id>' not specified/],
    [['export', '--instance-id', ''], /'--instance-id <id>' argument '' is invalid/],
    [[...EXPORT, 'word'], /too many arguments/],
    [
      [...EXPORT, '--date', '2026-01-01'],
      /'2026-01-01' is invalid\. A snapshot is of now, .*; leave out --date\.\n/,
    ],
    [['export', '--date', 'yesterday'], /'yesterday' is invalid\. A snapshot is of now/],
    [[...EXPORT, '--out', ''], /'--out <folder>' argument '' is invalid.*a folder/],
    [[...EXPORT, '--out', 's3:'], /'s3:' is invalid.*s3:\/\/bucket\/prefix/],
    [[...EXPORT, '--out', 's3:/bucket'], /'s3:\/bucket' is invalid.*s3:\/\/bucket\/prefix/],
    [[...EXPORT, '--out', 'S3://'], /'S3:\/\/' is invalid.*s3:\/\/bucket\/prefix/],
    [[...EXPORT, '--out', 's3://Bucket/x'], /'s3:\/\/Bucket\/x' is invalid/],
    [[...EXPORT, '--region', ''], /'--region <region>' argument '' is invalid/],
    [[...EXPORT, '--region', 'not a region'], /argument 'not a region' is invalid/],
    [[...EXPORT, '--sse', 'none'], /'--sse <algorithm>' argument 'none' is invalid/],
    [[...EXPORT, '--sse', 'AES256', '--out', 'EMPTY'], /which --sse does not encrypt/],
    [[...EXPORT, '--sse-kms-key-id', 'key', '--out', 'EMPTY'], /but --sse is not aws:kms/],
    [[...EXPORT, '--sse', 'aws:kms', '--sse-kms-key-id', ''], /argument '' is invalid.*KMS key/],
    [['simulate', '--requests-per-second', '0x10'], /argument '0x10' is invalid.*above 0/],
    [LEVEL('0x4'), /minimum_level takes a number from 1 to 5, not "0x4"/],
    [[...EXPORT, '--quota-share', '0.5'], /cannot be used with/],
    [['query', 'a', 'b'], /too many arguments/],
    [['query', 'SELECT 1', '--out', ''], /'--out <folder>' argument '' is invalid/],
    [
      ['query', 'SELECT 1', '--out', 's3:/bucket'],
      /'s3:\/bucket' is invalid.*s3:\/\/bucket\/prefix/,
    ],
    [
      ['query', 'SELECT 1', '--region', 'us-east-1'],
      /"\.\/out" is a folder, which is in no Region/,
    ],
    [['query', '--format', 'xml'], /argument 'xml' is invalid/],
    [
      ['query', 'SELECT 1', '--format', 'xlsx'],
      /makes a file; say which by --to, such as --to answer\.xlsx/,
    ],
    [
      ['query', '--format', 'parquet', '--to', 'x'],
      /--format parquet is for the answer to a query/,
    ],
    [
      ['query', 'SELECT 1', '--to', 'x'],
      /--to is for --format xlsx and parquet, but --format is table/,
    ],
    [['query', '--bom'], /--bom is for --format csv, but --format is table/],
    [['query', '--param', 'level'], /Write it as name=value/],
    [['query', 'nonsense', '--out', 'SNAPSHOTS'], /no saved query "nonsense"/],
    [['query', 'coverage-matrx', '--out', 'SNAPSHOTS'], /did you mean coverage-matrix\?\n/],
    [['query', 'Agent_History', '--out', 'SNAPSHOTS'], /did you mean agent-history\?\n/],
    [['query', '', '--out', 'SNAPSHOTS'], /no saved query ""/],
    ...sampled(REFUSED_SQL, ([, says]) => /nonsense|Conversion/.test(says.source)),
    [['query', 'SELECT 1; SELECT 2', '--out', 'SNAPSHOTS'], /2 statements.*one at a time/],
    [['query', ' ; ', '--out', 'SNAPSHOTS'], /no statement/],
    [['query', '/* nothing */', '--out', 'SNAPSHOTS'], /no statement/],
    [['query', 'SELECT 1', '--param', 'a=b', '--out', 'SNAPSHOTS'], /SQL takes no parameters/],
    [['query', 'coverage-matrix', '--param', 'a=b', '--out', 'SNAPSHOTS'], /has no parameter "a"/],
    [['query', 'nonsense', '--out', 'EMPTY'], /no saved query "nonsense"/],
    [['query', 'coverage-matrix;', '--out', 'SNAPSHOTS'], /did you mean coverage-matrix\?\n/],
    [
      [
        ...['query', 'changes-between-dates', '--param', 'from_date=2026-11-22'],
        ...['--param', 'to_date=2026-11-20'],
      ],
      /from_date is "2026-11-22", which is after to_date, "2026-11-20"/,
    ],
    [['query', 'lacking proficiency', '--out', 'SNAPSHOTS'], /mean agents-lacking-proficiency\?\n/],
    [['query', '--param', 'a=b'], /--param is for the answer to a saved query, but no query/],
    [['query', 'agent-history', '--list', '--param', 'agent=b'], /but --list only lists them/],
    [[...LEVEL('3'), '--param', 'minimum_level=4'], /Give minimum_level only once/],
    [LEVEL('0'), /minimum_level takes a number from 1 to 5, not "0"/],
    [LEVEL('7'), /minimum_level takes a number from 1 to 5, not "7"/],
    [LEVEL('abc'), /minimum_level takes a number from 1 to 5, not "abc"/],
    [
      ['query', 'single-points-of-failure', '--param', 'maximum_agents=0'],
      /takes a number of at least 1, not "0"/,
    ],
    [
      ['query', 'proficiency-trend', '--param', 'period=year'],
      /The parameter period takes day, week, or month, not "year"\./,
    ],
    [['query', 'agent-history', '--param', 'level=4'], /"level"; it takes agent\./],
    [
      ['query', 'coverage-matrix', '--out', 'FILE'],
      /'--out <folder>' .* It is a file; give a folder, or s3/,
    ],
    [['query', 'coverage-matrix', '--out', 'FILE/a'], /A part of it is a file; give a folder/],
    [['report', '--out', 'FILE'], /'--out <folder>' .* It is a file; give a folder/],
    [[...EXPORT, '--out', 'FILE'], /'--out <folder>' .* It is a file; give a folder, or s3/],
    [['derive', '--out', 'FILE'], /'--out <folder>' .* It is a file; give a folder, or s3/],
    [['verify', 'FILE'], /argument 'path'. It is a file; give a folder, or s3/],
    [['report', '--to', 'EMPTY'], /'--to <file>' .* It is a folder; give a file/],
    [['report', '--to', 'missing/'], /'--to <file>' .* It is a folder; give a file/],
    [['report', '--to', 'FILE/report.html'], /'--to <file>' .* A part of it is a file/],
    [['report', '--to', '/dev/null'], /'--to <file>' .* It is a device/],
    [['verify', 'EMPTY', '--region', 'us-east-1'], /is a folder, which is in no Region/],
    [['verify', '--region', 'us-east-1'], /"\.\/out" is a folder, which is in no Region/],
    [['derive', '--out', 'EMPTY', '--region', 'us-east-1'], /is a folder, which is in no Region/],
    [['verify', 's3://bucket', '--region', 'foo'], /'--region <region>' argument 'foo' is invalid/],
    [['derive', '--out', 's3://bucket', '--region', 'us-east-1a'], /'us-east-1a' is invalid/],
    [[...EXPORT, '--region', 'Frankfurt'], /'--region <region>' argument 'Frankfurt' is invalid/],
    [
      ['export', '--instance-id', `arn:aws-cn:connect:eu-west-2:111122223333:instance/${ID}`],
      /'--instance-id <id>' argument 'arn:aws-cn.*' is invalid/,
    ],
    [['report', '--out', ''], /'--out <folder>' argument '' is invalid/],
    [['report', '--out', 's3://Bucket/a'], /'s3:\/\/Bucket\/a' is invalid/],
    [['report', '--region', 'us-east-1'], /"\.\/out" is a folder, which is in no Region/],
    [['report', '--to', ''], /'--to <file>' argument '' is invalid/],
    [['report', '--to', 's3://bucket/report.html'], /'--to <file>' argument 's3:.*a file/],
    [['report', '--date', '2026-02-30'], /a date as yyyy-MM-dd/],
    [['report', '--instance-id', 'x'], /argument 'x' is invalid/],
    [['verify', ''], /value '' is invalid for argument 'path'/],
    [['verify', 's3://a'], /value 's3:\/\/a' is invalid.*s3:\/\/bucket\/prefix/],
    [['verify', 's3://192.168.1.1/a'], /value 's3:\/\/192.168.1.1\/a' is invalid/],
    [['verify', 's3:bucket'], /value 's3:bucket' is invalid.*s3:\/\/bucket\/prefix/],
    [['verify', 'a', 'b'], /too many arguments/],
    [[...EXPORT, '--out', 'http://host/a'], /'http:\/\/host\/a' is invalid.*a folder/],
    [[...EXPORT, '--out', '  '], /'--out <folder>' argument ' {2}' is invalid/],
    [
      [
        ...['export', '--region', 'us-east-1', '--instance-id'],
        `arn:aws:connect:eu-west-2:111122223333:instance/${ID}`,
      ],
      /--region is us-east-1, but the ARN of --instance-id is of eu-west-2/,
    ],
    [['derive', '--out', ''], /'--out <folder>' argument '' is invalid.*a folder/],
    [['derive', '--instance-id', 'sales'], /'--instance-id <id>' argument 'sales' is invalid/],
    [['derive', 'out'], /too many arguments/],
    [['match'], /missing required argument 'criteria'/],
    [['match', 'nowhere.json'], /criteria cannot be read \(ENOENT.*nowhere\.json'\); give a JSON/],
    [['match', 'EMPTY'], /criteria cannot be read \(EISDIR.*give a JSON file, or -/],
    [['match', 'FILE'], /file is not JSON/],
    [['match', 'package.json'], /package\.json: Steps is missing; expected a list of steps\./],
    [[...MATCH, '--region', 'eu-west-2'], /"\.\/out" is a folder, which is in no Region/],
    [[...MATCH, '--limit', '0'], /whole number from 1/],
    [[...MATCH, '--fail-below', 'one'], /whole number from 1/],
    [[...MATCH, '--format', 'xml'], /argument 'xml' is invalid/],
    [['simulate', '--port', '65536'], /whole number from 0 to 65535/],
    [['simulate', 'word'], /too many arguments/],
  ])('%j', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await type(...placed(words));
    expect(stderr).toMatch(sentence);
    expect(stderr).toMatch(/^error: [^\n]+\n\n?\(see --help\)\n$/);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(readdirSync(empty)).toEqual([]);
  });
});

describe('what cannot be done is told in one sentence, with exit code 1', () => {
  it.each<[string[], RegExp]>([
    [[...EXPORT, '--out', 'EMPTY'], /no valid AWS Region/],
    [[...EXPORT, '--out', 's3://bucket/a'], /no valid AWS Region/],
    [[...EXPORT, '--out', 'EMPTY', '--region', 'us-east-1'], /No valid AWS credentials/],
    [['query', 'coverage-matrix', '--out', 'EMPTY'], /There is no snapshot in /],
    [['report', '--out', 'EMPTY'], /There is no snapshot in /],
    // Nothing can be made there, and Node.js alone would try for ever.
    [[...WORKBOOK, '--to', '/proc/x/answer.xlsx'], /folder \/proc\/x .*choose/],
    [
      [...WORKBOOK, '--to', `EMPTY/${'x'.repeat(300)}`],
      /would hold a name that is too long: choose a shorter one/,
    ],
    [
      ['query', "SELECT * FROM read_csv('/no.csv')", '--out', 'SNAPSHOTS'],
      /refused.*IO Error: No f/,
    ],
    [
      ['report', '--out', 'SNAPSHOTS', '--instance-id', ID, '--to', 'FILE'],
      /no published snapshot of instance/,
    ],
    [
      ['report', '--out', 'SNAPSHOTS', '--date', '1999-01-01', '--to', 'FILE'],
      /no published snapshot dated/,
    ],
    [['verify', 'EMPTY'], /There is no snapshot in /],
    [['verify', 's3://bucket/a'], /no valid AWS Region.*or give --region/],
    [['derive', '--out', 'EMPTY'], /There is no snapshot in .*export one first/],
    [['derive', '--out', 's3://bucket/a'], /no valid AWS Region/],
    [[...MATCH, '--out', 'EMPTY'], /no newest snapshot in .*derive --out /],
    [
      [...MATCH, '--out', 'SNAPSHOTS'],
      /snapshots of 3 instances in .*one of them by --instance-id/,
    ],
    [[...MATCH, '--out', 'SNAPSHOTS', '--instance-id', ID], /no newest snapshot of 1111/],
    [[...MATCH, '--out', 's3://bucket/a'], /no valid AWS Region/],
    [['derive', '--out', 'SNAPSHOTS', '--instance-id', ID], /no snapshot of the instance 1111/],
    [['verify', 'S3://bucket/a'], /no valid AWS Region/],
  ])('%j', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await type(...placed(words));
    expect(stderr).toMatch(sentence);
    expect(saidAfterFirst(stderr)).toMatch(/^[^\n]+\n$/);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(readdirSync(empty)).toEqual([]);
  });

  it('verify without credentials', async () => {
    process.env.AWS_REGION = 'us-east-1';
    const { exitCode, stderr } = await type('verify', 's3://bucket/a');
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^No valid AWS cred[^\n]+\n$/)]);
  });
});

it.each(['export', 'query', 'report', 'verify', 'derive', 'simulate', ''])(
  '%s --help tells the exit codes',
  async (command) => {
    const { exitCode, stdout } = await type(...(command === '' ? [] : [command]), '--help');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/Exit codes:\n {2}0 {2}done\n/)]);
  },
);
