import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';

/** Called when a request has come, or its answer; whoever waits in it holds the request up. */
export type Listener = (request: TappedRequest) => Promise<void> | void;

export interface TappedRequest {
  /** Counted from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
}

export interface Listeners {
  /** Before the server gets it; it never does where the sender is gone by then. */
  readonly before?: Listener;
  /** The server has done it, the sender does not know yet. */
  readonly after?: Listener;
}

export interface Wiretap {
  readonly url: string;
  /** Requests so far. */
  count(): number;
  close(): Promise<void>;
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A server that passes everything on to another one, and lets a test step in between. */
export async function tap(target: string, { before, after }: Listeners): Promise<Wiretap> {
  let count = 0;
  const server = createServer(async (request, response) => {
    try {
      const { method = '', url: path = '', headers } = request;
      count += 1;
      const tapped = { number: count, method, path };
      const body = await read(request);
      await before?.(tapped);
      if (request.socket.destroyed) return;
      const { expect: _, ...rest } = headers;
      const passedOn = send(new URL(path, target), { method, headers: rest, agent: false });
      passedOn.end(body);
      const [answer]: IncomingMessage[] = await once(passedOn, 'response');
      if (!answer) return;
      const answered = await read(answer);
      await after?.(tapped);
      response.writeHead(answer.statusCode ?? 500, answer.headers).end(answered);
    } catch {
      request.socket.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The tap has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    count: () => count,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
