import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { s3Client } from '../../lambda/s3/client.ts';
import { BUCKET, type Synthesized } from '../lib/catalog/synthesized.ts';
import { awsEnvironment } from '../support/aws-environment.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { tap } from '../support/wiretap.ts';
import { startTrino, type Trino, type TrinoAnswer } from './trino.ts';

/** What a query asked S3 for. */
interface Reads {
  /** The objects, or ranges of them, each as often as it was asked for. */
  readonly gets: readonly { readonly key: string; readonly bytes: number }[];
  /** The prefixes that were listed, each as often as it was. */
  readonly lists: readonly string[];
}

/** A bucket, the synthesized tables and views over it, and Trino to ask. */
export interface Lake {
  readonly moto: Moto;
  readonly s3: S3Client;
  readonly trino: Trino;
  /** Runs a statement while nothing else runs, and watches what it reads. */
  watch(sql: string): Promise<TrinoAnswer & { readonly reads: Reads }>;
  close(): Promise<void>;
}

const tableInputSchema = z.looseObject({
  Name: z.string(),
  Parameters: z.record(z.string(), z.string()),
});

type TableInput = z.infer<typeof tableInputSchema>;

interface Request {
  readonly method: string;
  readonly path: string;
  /** Of the answer's body. */
  readonly bytes: number;
}

/**
 * Starts all of it, over an empty bucket.
 *
 * @param folder for Trino
 * @param change what is different from the template
 */
export async function openLake(
  folder: string,
  synthesized: Synthesized,
  change: (table: TableInput) => TableInput = (table) => table,
): Promise<Lake> {
  const open: { close(): unknown }[] = [];
  const closing = <T extends { close(): unknown }>(one: T): T => {
    open.unshift(one);
    return one;
  };
  const close = async () => {
    for (const one of open) await one.close();
  };
  try {
    const moto = closing(await startMoto());
    Object.assign(process.env, awsEnvironment(moto.url));
    const s3 = s3Client();
    closing({ close: () => s3.destroy() });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await createTables(moto, synthesized, change);
    const requests: Request[] = [];
    const wire = closing(
      await tap(
        moto.url,
        async () => undefined,
        ({ method, path }, bytes) => {
          requests.push({ method, path, bytes });
        },
      ),
    );
    const database = synthesized.catalog.databaseName;
    const trino = closing(
      await startTrino({ folder, glueUrl: moto.url, s3Url: wire.url, database }),
    );
    return {
      moto,
      s3,
      trino,
      async watch(sql) {
        const answer = await trino.run(sql, () => {
          requests.length = 0;
        });
        return { ...answer, reads: readsIn(requests) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createTables(
  moto: Moto,
  { template, catalog }: Synthesized,
  change: (table: TableInput) => TableInput,
): Promise<void> {
  const { databaseName } = catalog;
  await glue(moto, 'CreateDatabase', { DatabaseInput: { Name: databaseName } });
  for (const { Properties } of Object.values(template.findResources('AWS::Glue::Table'))) {
    const TableInput = change(tableInputSchema.parse(Properties.TableInput));
    await glue(moto, 'CreateTable', { DatabaseName: databaseName, TableInput });
  }
}

/** Puts all files below a folder into the bucket. */
export async function upload(s3: S3Client, folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const Key = path.slice(folder.length + 1);
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: readFileSync(path) }));
  }
}

/** Moto asks for credentials' scope, to know the service, and does not check the signature. */
async function glue({ url }: Moto, operation: string, body: unknown): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSGlue.${operation}`,
      Authorization:
        'AWS4-HMAC-SHA256 Credential=test/20261125/us-east-1/glue/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`Glue's ${operation} answered: ${await answer.text()}`);
}

function readsIn(requests: readonly Request[]): Reads {
  const asked = requests
    .filter(({ method }) => method === 'GET')
    .map(({ path, bytes }) => ({ url: new URL(path, 'http://s3'), bytes }));
  return {
    gets: asked
      .map(({ url, bytes }) => ({
        key: decodeURIComponent(url.pathname).slice(`/${BUCKET}/`.length),
        bytes,
      }))
      .filter(({ key }) => key !== ''),
    lists: asked.flatMap(({ url }) => url.searchParams.get('prefix') ?? []),
  };
}

/** The keys of the objects that were read, each once. */
export const keysOf = ({ gets }: Reads): readonly string[] =>
  [...new Set(gets.map(({ key }) => key))].toSorted();

export const bytesOf = ({ gets }: Pick<Reads, 'gets'>): number =>
  gets.reduce((sum, { bytes }) => sum + bytes, 0);
