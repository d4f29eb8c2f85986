import { Readable } from 'node:stream';
import { wholeBody } from '../../../lambda/s3/body.ts';

const streamOf = (...texts: string[]): Readable => Readable.from(texts.map((t) => Buffer.from(t)));

async function read(stream: Readable, bytes: number): Promise<string> {
  let text = '';
  for await (const chunk of wholeBody(stream, bytes, 's3://b/k')) {
    text += Buffer.from(chunk).toString();
  }
  return text;
}

test('a body of the announced length is handed on', async () => {
  expect(await read(streamOf('ab', 'c'), 3)).toBe('abc');
  expect(await read(streamOf(), 0)).toBe('');
});

test.each([
  ['ends early', 4],
  ['is longer than announced', 2],
])('a body that %s is an error', async (_, announced) => {
  await expect(read(streamOf('ab', 'c'), announced)).rejects.toMatchObject({
    name: 'ServiceUnavailable',
    message: `Reading s3://b/k broke off after 3 of ${announced} bytes: try again later.`,
  });
});

test('a body that nobody wants lets its connection go, read from or not', async () => {
  const unread = streamOf('ab', 'c');
  await wholeBody(unread, 3, 's3://b/k')[Symbol.asyncIterator]().return?.();
  expect(unread.destroyed).toBe(true);

  const begun = streamOf('ab', 'c');
  for await (const _ of wholeBody(begun, 3, 's3://b/k')) break;
  expect(begun.destroyed).toBe(true);
});
