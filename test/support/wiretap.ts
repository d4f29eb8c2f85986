import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from './loopback.ts';

export interface TappedRequest {
  /** Counted from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
}

/**
 * Called with every request before the server gets it; whoever waits in it holds the request up.
 *
 * @returns `cut`: the server never gets it, and its sender loses the connection
 */
export type Listener = (request: TappedRequest) => Promise<'cut' | undefined>;

export interface Wiretap {
  readonly url: string;
  /** Requests so far. */
  count(): number;
  close(): Promise<void>;
}

/**
 * A server that passes everything on to another one, and lets a test step in between.
 *
 * @param answered is called with every answer before its receiver gets it, and with the length of its body
 */
export async function tap(
  target: string,
  listener: Listener,
  answered: (request: TappedRequest, bytes: number) => void = () => undefined,
): Promise<Wiretap> {
  let count = 0;
  const server = createServer(async (request, response) => {
    try {
      const { method = '', url: path = '', headers } = request;
      count += 1;
      const tapped = { number: count, method, path };
      const body = await buffer(request);
      if ((await listener(tapped)) === 'cut') {
        request.socket.destroy();
        return;
      }
      const { expect: _, ...rest } = headers;
      const passedOn = send(new URL(path, target), { method, headers: rest, agent: false });
      passedOn.end(body);
      const [answer]: IncomingMessage[] = await once(passedOn, 'response');
      if (!answer) return;
      const answerBody = await buffer(answer);
      answered(tapped, answerBody.length);
      response.writeHead(answer.statusCode ?? 500, answer.headers).end(answerBody);
    } catch {
      request.socket.destroy();
    }
  });
  const { url, close } = await listenOnLoopback(server);
  return {
    url,
    count: () => count,
    close,
  };
}
