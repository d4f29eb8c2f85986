import { createServer, type IncomingMessage } from 'node:http';
import { listenOnLoopback } from './loopback.ts';

/** One answer, as it goes over the wire. */
export interface StubAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpStub {
  readonly url: string;
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A server that gives these answers, one after the other, and the last of them for ever. */
export async function httpStub(...answers: readonly StubAnswer[]): Promise<HttpStub> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    response.writeHead(answer?.status ?? 500, answer?.headers).end(answer?.body);
  });
  const { url, close } = await listenOnLoopback(server);
  return {
    url,
    requests,
    close,
  };
}
