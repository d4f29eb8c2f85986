import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { testUnlessGap } from './known-gaps.ts';

const PART_BYTES = 5 * 1024 * 1024;

/** What an emulator of S3 is known not to do. */
export type ServerGap =
  | 'refuses wrong checksums'
  | 'gives checksums back'
  | 'obeys conditions of copies'
  | 'names a source that is missing'
  | 'knows which uploads are over';

/**
 * What S3 does beneath a store, request by request. It runs over the fake and over an emulator that
 * nobody here wrote, so that the fake cannot lie.
 */
export function s3ServerContract(
  name: string,
  server: () => { client: S3Client; bucket: string },
  gaps: readonly ServerGap[] = [],
): void {
  describe(`${name}, request by request`, () => {
    const unlessGap = testUnlessGap(gaps);
    let keys = 0;
    const newObject = (): { Bucket: string; Key: string } => {
      keys += 1;
      return { Bucket: server().bucket, Key: `raw/${keys}` };
    };
    const put = (object: { Bucket: string; Key: string }, Body: string | Buffer, more = {}) =>
      server().client.send(new PutObjectCommand({ ...object, Body, ...more }));
    const get = async (object: { Bucket: string; Key: string }): Promise<string | undefined> => {
      const { Body } = await server().client.send(new GetObjectCommand(object));
      return Body?.transformToString();
    };

    test('etags are quoted MD5s', async () => {
      const object = newObject();
      const expected = `"${createHash('md5').update('text').digest('hex')}"`;
      expect(await put(object, 'text')).toMatchObject({ ETag: expected });
      const head = await server().client.send(new HeadObjectCommand(object));
      expect(head).toMatchObject({ ETag: expected, ContentLength: 4 });
    });

    test('a missing object is a 404', async () => {
      const object = newObject();
      await expect(get(object)).rejects.toMatchObject({
        name: 'NoSuchKey',
        $metadata: { httpStatusCode: 404 },
      });
    });

    test('a missing bucket is a 404', async () => {
      await expect(put({ Bucket: 'no-such-bucket', Key: 'x' }, 'text')).rejects.toMatchObject({
        name: 'NoSuchBucket',
        $metadata: { httpStatusCode: 404 },
      });
    });

    test('conditions of writes are obeyed', async () => {
      const object = newObject();
      const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };
      const { ETag } = await put(object, 'first', { IfNoneMatch: '*' });
      await expect(put(object, 'second', { IfNoneMatch: '*' })).rejects.toMatchObject(failed);
      await expect(put(object, 'second', { IfMatch: '"other"' })).rejects.toMatchObject(failed);
      await put(object, 'second', { IfMatch: ETag });
      expect(await get(object)).toBe('second');
    });

    test('an object that should match but is missing is a 404', async () => {
      await expect(put(newObject(), 'text', { IfMatch: '"any"' })).rejects.toMatchObject({
        name: 'NoSuchKey',
        $metadata: { httpStatusCode: 404 },
      });
    });

    unlessGap(
      'gives checksums back',
      'a checksum is kept and given back where it is asked for',
      async () => {
        const object = newObject();
        const ChecksumSHA256 = createHash('sha256').update('text').digest('base64');
        await put(object, 'text', { ChecksumSHA256 });
        const query = new GetObjectCommand({ ...object, ChecksumMode: 'ENABLED' });
        const { ChecksumSHA256: found, Body } = await server().client.send(query);
        await Body?.transformToString();
        expect(found).toBe(ChecksumSHA256);
      },
    );

    unlessGap('refuses wrong checksums', 'a wrong checksum is refused', async () => {
      const object = newObject();
      const ChecksumSHA256 = createHash('sha256').update('something else').digest('base64');
      await expect(put(object, 'text', { ChecksumSHA256 })).rejects.toMatchObject({
        name: 'BadDigest',
        $metadata: { httpStatusCode: 400 },
      });
      await expect(get(object)).rejects.toMatchObject({ name: 'NoSuchKey' });
    });

    test('keys are listed in order, in pages', async () => {
      const { client, bucket: Bucket } = server();
      const Prefix = 'pages/';
      const expected = ['pages/a & b', 'pages/é', 'pages/日'];
      await Promise.all(expected.map((Key) => put({ Bucket, Key }, 'x')));
      const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 2 }));
      expect(first).toMatchObject({ IsTruncated: true, KeyCount: 2 });
      const { NextContinuationToken: ContinuationToken } = first;
      const query = { Bucket, Prefix, MaxKeys: 2, ContinuationToken };
      const second = await client.send(new ListObjectsV2Command(query));
      expect(second).toMatchObject({ IsTruncated: false, KeyCount: 1 });
      const pages = [...(first.Contents ?? []), ...(second.Contents ?? [])];
      expect(pages.map(({ Key }) => Key)).toEqual(expected);
    });

    describe('copies', () => {
      const sourceOf = ({ Bucket, Key }: { Bucket: string; Key: string }): string =>
        `${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`;
      const copy = (
        from: { Bucket: string; Key: string },
        to: { Bucket: string; Key: string },
        more = {},
      ) =>
        server().client.send(new CopyObjectCommand({ ...to, CopySource: sourceOf(from), ...more }));
      const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } };

      test.each(['a=1/b', 'a & b+c', 'é/日本', '100%25?x#y'])('are made of %s', async (name) => {
        const [from, to] = [newObject(), newObject()];
        const source = { ...from, Key: `${from.Key}/${name}` };
        await put(source, 'text');
        const expected = `"${createHash('md5').update('text').digest('hex')}"`;
        expect((await copy(source, to)).CopyObjectResult).toMatchObject({ ETag: expected });
        expect(await get(to)).toBe('text');
      });

      test('carry the checksum that is asked for', async () => {
        const [from, to] = [newObject(), newObject()];
        await put(from, 'text');
        const { CopyObjectResult } = await copy(from, to, { ChecksumAlgorithm: 'SHA256' });
        expect(CopyObjectResult?.ChecksumSHA256).toBe(
          createHash('sha256').update('text').digest('base64'),
        );
      });

      test('of what is missing are a 404', async () => {
        await expect(copy(newObject(), newObject())).rejects.toMatchObject({
          name: 'NoSuchKey',
          $metadata: { httpStatusCode: 404 },
        });
      });

      test('are made where the conditions hold', async () => {
        const [from, to] = [newObject(), newObject()];
        const { ETag } = await put(from, 'text');
        await copy(from, to, { CopySourceIfMatch: ETag, IfNoneMatch: '*' });
        const { ETag: copied } = await put(to, 'old');
        await copy(from, to, { CopySourceIfMatch: ETag, IfMatch: copied });
        expect(await get(to)).toBe('text');
      });

      for (const [what, condition] of [
        ['the source', { CopySourceIfMatch: '"other"' }],
        ['what is replaced', { IfMatch: '"other"' }],
        ['what must not be there', { IfNoneMatch: '*' }],
      ] as const) {
        unlessGap(
          'obeys conditions of copies',
          `are not made where a condition does not hold: of ${what}`,
          async () => {
            const [from, to] = [newObject(), newObject()];
            await put(from, 'new');
            await put(to, 'old');
            await expect(copy(from, to, condition)).rejects.toMatchObject(failed);
            expect(await get(to)).toBe('old');
          },
        );
      }

      unlessGap(
        'obeys conditions of copies',
        'onto what should match but is missing are a 404',
        async () => {
          const from = newObject();
          await put(from, 'text');
          await expect(copy(from, newObject(), { IfMatch: '"any"' })).rejects.toMatchObject({
            name: 'NoSuchKey',
            $metadata: { httpStatusCode: 404 },
          });
        },
      );

      describe('in parts', () => {
        const beginCopy = async (from: { Bucket: string; Key: string }) => {
          const { client } = server();
          const to = newObject();
          const { UploadId } = await client.send(new CreateMultipartUploadCommand(to));
          const part = async (PartNumber: number, CopySourceRange: string, more = {}) => {
            const { CopyPartResult } = await client.send(
              new UploadPartCopyCommand({
                ...to,
                UploadId,
                PartNumber,
                CopySource: sourceOf(from),
                CopySourceRange,
                ...more,
              }),
            );
            return { PartNumber, ETag: CopyPartResult?.ETag };
          };
          const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
            client.send(
              new CompleteMultipartUploadCommand({ ...to, UploadId, MultipartUpload: { Parts } }),
            );
          return { to, part, complete };
        };

        test('are put together of ranges', async () => {
          const from = newObject();
          const content = `${'a'.repeat(PART_BYTES)}bc`;
          const { ETag } = await put(from, content);
          const { to, part, complete } = await beginCopy(from);
          const parts = [
            await part(1, `bytes=0-${PART_BYTES - 1}`, { CopySourceIfMatch: ETag }),
            await part(2, `bytes=${PART_BYTES}-${PART_BYTES + 1}`, { CopySourceIfMatch: ETag }),
          ];
          await complete(parts);
          expect((await get(to)) === content).toBe(true);
        });

        unlessGap('obeys conditions of copies', 'are not made of another source', async () => {
          const from = newObject();
          await put(from, 'text');
          const { part } = await beginCopy(from);
          const other = { CopySourceIfMatch: '"other"' };
          await expect(part(1, 'bytes=0-3', other)).rejects.toMatchObject(failed);
        });

        unlessGap('names a source that is missing', 'of what is missing are a 404', async () => {
          const { part } = await beginCopy(newObject());
          await expect(part(1, 'bytes=0-3')).rejects.toMatchObject({
            name: 'NoSuchKey',
            $metadata: { httpStatusCode: 404 },
          });
        });
      });
    });

    describe('uploads in parts', () => {
      const begin = async (object: { Bucket: string; Key: string }) => {
        const { client } = server();
        const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
        const upload = { ...object, UploadId };
        return {
          async part(PartNumber: number, bytes: number) {
            const Body = Buffer.alloc(bytes, String(PartNumber));
            const command = new UploadPartCommand({ ...upload, PartNumber, Body });
            const { ETag } = await client.send(command);
            return { PartNumber, ETag };
          },
          complete: (Parts: { PartNumber: number; ETag: string | undefined }[], more = {}) =>
            client.send(
              new CompleteMultipartUploadCommand({
                ...upload,
                ...more,
                MultipartUpload: { Parts },
              }),
            ),
          abort: () => client.send(new AbortMultipartUploadCommand(upload)),
        };
      };

      test('are put together when complete, not before', async () => {
        const object = newObject();
        const upload = await begin(object);
        const second = await upload.part(2, 3);
        const first = await upload.part(1, PART_BYTES);
        await expect(get(object)).rejects.toMatchObject({ name: 'NoSuchKey' });
        const { ETag } = await upload.complete([first, second]);
        expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
        const text = await get(object);
        expect(text).toHaveLength(PART_BYTES + 3);
        expect(text === `${'1'.repeat(PART_BYTES)}222`).toBe(true);
      });

      test('obey If-None-Match when completed', async () => {
        const object = newObject();
        const upload = await begin(object);
        const part = await upload.part(1, 3);
        await put(object, 'another was faster');
        await expect(upload.complete([part], { IfNoneMatch: '*' })).rejects.toMatchObject({
          $metadata: { httpStatusCode: 412 },
        });
        expect(await get(object)).toBe('another was faster');
      });

      for (const end of ['complete', 'abort'] as const) {
        unlessGap('knows which uploads are over', `are gone after ${end}`, async () => {
          const upload = await begin(newObject());
          const part = await upload.part(1, 3);
          await (end === 'abort' ? upload.abort() : upload.complete([part]));
          await expect(upload.complete([part])).rejects.toMatchObject({ name: 'NoSuchUpload' });
        });
      }

      test('need parts of 5 MiB, but for the last', async () => {
        const upload = await begin(newObject());
        const parts = [await upload.part(1, PART_BYTES - 1), await upload.part(2, 3)];
        await expect(upload.complete(parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
      });

      test('need the parts that were uploaded', async () => {
        const upload = await begin(newObject());
        await upload.part(1, 3);
        const wrong = [{ PartNumber: 1, ETag: '"0123456789abcdef0123456789abcdef"' }];
        await expect(upload.complete(wrong)).rejects.toMatchObject({ name: 'InvalidPart' });
      });
    });
  });
}
