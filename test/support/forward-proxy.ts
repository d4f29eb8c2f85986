import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type Loopback, listenOnLoopback } from './loopback.ts';

/** A proxy as networks have them: it opens tunnels, and forwards requests for http. */
export interface ForwardProxy extends Loopback {
  /** `host:port` of each CONNECT. */
  readonly tunnels: string[];
  /** The address of each request that was forwarded. */
  readonly forwarded: string[];
  /** What clients said of themselves, in the order of their requests. */
  readonly authorizations: (string | undefined)[];
  /** The port of this machine at which it reaches every other host. */
  portOfOthers: number;
  /** Answers each request with this status instead. */
  refuseWith: number | undefined;
  /** Ends each CONNECT without an answer. */
  hangsUp: boolean;
}

export async function forwardProxy(): Promise<ForwardProxy> {
  const seen: Omit<ForwardProxy, keyof Loopback> = {
    tunnels: [] as string[],
    forwarded: [] as string[],
    authorizations: [] as (string | undefined)[],
    portOfOthers: 0,
    refuseWith: undefined,
    hangsUp: false,
  };
  const open = new Set<Socket>();
  const greet = ({ headers }: IncomingMessage): void => {
    seen.authorizations.push(headers['proxy-authorization']);
  };
  const server = createServer((request, response) => {
    greet(request);
    const { method, headers, url = '' } = request;
    seen.forwarded.push(url);
    if (seen.refuseWith || !URL.canParse(url)) {
      response.writeHead(seen.refuseWith ?? 400).end('<html>The proxy says no.</html>');
      return;
    }
    const onward = forward(url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    greet(request);
    seen.tunnels.push(request.url ?? '');
    if (seen.hangsUp) {
      socket.end();
      return;
    }
    if (seen.refuseWith) {
      socket.end(
        `HTTP/1.1 ${seen.refuseWith} No\r\ncontent-type: text/html\r\n\r\n<html>The proxy says no.</html>`,
      );
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = connect(
      hostname === '127.0.0.1' ? Number(port) : seen.portOfOthers,
      '127.0.0.1',
    );
    onward.on('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    open.add(onward);
    onward.on('error', () => socket.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
  });
  const loopback = await listenOnLoopback(server);
  return Object.assign(seen, {
    ...loopback,
    async close() {
      const closed = loopback.close();
      // What became a tunnel is no longer a connection of the server's.
      for (const socket of open) socket.destroy();
      await closed;
    },
  });
}
