import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from '../support/loopback.ts';
import { trinoHome } from './installation.ts';
import { javaHome } from './java.ts';

const START_TIMEOUT_MS = 120_000;
const POLL_MS = 250;

/** What Trino may answer for some seconds after it says that it has started: it does not know of itself yet. */
const NO_NODE_YET = 'NO_NODES_AVAILABLE';

/** Of the log, where Trino does not start: the last of them say why. */
const LINES_SHOWN = 30;

/** What Athena calls its catalog of Glue's tables; our views name it. */
const CATALOG = 'awsdatacatalog';

const infoSchema = z.object({ starting: z.boolean() });

/** A page of an answer in Trino's client protocol. */
const pageSchema = z.object({
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })).optional(),
  data: z.array(z.array(z.json())).optional(),
  error: z.object({ errorName: z.string(), message: z.string() }).optional(),
});

type Page = z.infer<typeof pageSchema>;

export interface TrinoAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly z.infer<ReturnType<typeof z.json>>[])[];
}

/** Trino over the Glue and S3 of servers on this machine. */
export interface Trino {
  readonly url: string;
  /**
   * @param begin is called whenever the statement is begun: again where Trino did not know of a node yet
   * @throws Error with Trino's name and words for what is wrong
   */
  run(sql: string, begin?: () => void): Promise<TrinoAnswer>;
  close(): Promise<void>;
}

export interface TrinoProps {
  /** Holds settings, data and log. */
  readonly folder: string;
  readonly glueUrl: string;
  readonly s3Url: string;
  /** The database in which names without one are looked up. */
  readonly database: string;
}

/** Starts Trino as `npm run test:trino` has installed it. @throws Error where Java or Trino is missing */
export async function startTrino(props: TrinoProps): Promise<Trino> {
  const port = await freePort();
  writeSettings(props, port);
  const home = trinoHome(process.env);
  const log = join(props.folder, 'server.log');
  const output = openSync(log, 'w');
  const server = spawn(
    join(javaHome(process.env), 'bin/java'),
    [
      '-Xmx2G',
      // As bin/launcher would have it.
      '--add-modules=jdk.incubator.vector',
      '-Djdk.attach.allowAttachSelf=true',
      '--enable-native-access=ALL-UNNAMED',
      '--sun-misc-unsafe-memory-access=allow',
      '-cp',
      join(home, 'lib/*'),
      '-Dnode.id=test',
      '-Dnode.environment=test',
      `-Dnode.data-dir=${join(props.folder, 'data')}`,
      `-Dplugin.dir=${join(home, 'plugin')}`,
      `-Dconfig=${join(props.folder, 'etc/config.properties')}`,
      `-Dcatalog.config-dir=${join(props.folder, 'etc/catalog')}`,
      'io.trino.server.TrinoServer',
    ],
    { cwd: props.folder, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  const url = `http://127.0.0.1:${port}`;
  await ready(url, server, log);
  return {
    url,
    async run(sql, begin = () => undefined) {
      const giveUp = AbortSignal.timeout(START_TIMEOUT_MS);
      for (;;) {
        begin();
        const { error, ...answer } = await execute(url, props.database, sql);
        if (error === undefined) return answer;
        if (error.errorName !== NO_NODE_YET || giveUp.aborted)
          throw new Error(`${error.errorName}: ${error.message}`);
        await pause(POLL_MS);
      }
    },
    close: () => stop(server),
  };
}

function writeSettings({ folder, glueUrl, s3Url }: TrinoProps, port: number): void {
  const write = (file: string, settings: Readonly<Record<string, string>>): void => {
    const path = join(folder, 'etc', file);
    mkdirSync(dirname(path), { recursive: true });
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(path, lines.join(''));
  };
  write('config.properties', {
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': String(port),
    'node.internal-address': '127.0.0.1',
    'discovery.uri': `http://127.0.0.1:${port}`,
  });
  write(`catalog/${CATALOG}.properties`, {
    'connector.name': 'hive',
    'hive.metastore': 'glue',
    'hive.metastore.glue.region': 'us-east-1',
    'hive.metastore.glue.endpoint-url': glueUrl,
    'hive.metastore.glue.aws-access-key': 'test',
    'hive.metastore.glue.aws-secret-key': 'test',
    'fs.native-s3.enabled': 'true',
    's3.region': 'us-east-1',
    's3.endpoint': s3Url,
    's3.aws-access-key': 'test',
    's3.aws-secret-key': 'test',
    's3.path-style-access': 'true',
    'hive.partition-projection-enabled': 'true',
  });
}

async function ready(url: string, server: ChildProcess, log: string): Promise<void> {
  const giveUp = AbortSignal.timeout(START_TIMEOUT_MS);
  while (!giveUp.aborted && server.exitCode === null) {
    const info = await fetch(`${url}/v1/info`)
      .then(async (answer) => infoSchema.parse(await answer.json()))
      .catch(() => undefined);
    if (info?.starting === false) return;
    await pause(POLL_MS);
  }
  await stop(server);
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  throw new Error(`Trino does not start. It said: ${lines.slice(-LINES_SHOWN).join('\n')}`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exit = once(server, 'exit');
  server.kill();
  await exit;
}

async function execute(
  url: string,
  database: string,
  sql: string,
): Promise<TrinoAnswer & Pick<Page, 'error'>> {
  const headers = {
    'X-Trino-User': 'analyst',
    'X-Trino-Catalog': CATALOG,
    'X-Trino-Schema': database,
    'X-Trino-Time-Zone': 'UTC',
    // Else a column of the type timestamp(3) is called a timestamp.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  };
  const parse = async (answer: Response) => {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Trino answered ${answer.status}: ${text}`);
    return pageSchema.parse(JSON.parse(text));
  };
  let page = await parse(
    await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql }),
  );
  let columns: TrinoAnswer['columns'] = [];
  const rows: TrinoAnswer['rows'][number][] = [];
  for (;;) {
    columns = page.columns ?? columns;
    rows.push(...(page.data ?? []));
    if (page.error || page.nextUri === undefined) return { columns, rows, error: page.error };
    page = await parse(await fetch(page.nextUri, { headers }));
  }
}
