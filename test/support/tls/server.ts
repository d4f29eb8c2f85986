import { readFileSync } from 'node:fs';
import { request as forward } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { type Loopback, listenOnLoopback } from '../loopback.ts';

/** The authority that signed the server's certificate. Its key is lost; both are valid until 2126. */
export const CA_FILE = join(__dirname, 'ca.pem');

const pem = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

/**
 * A server that speaks TLS and hands on to one that does not. Its certificate is for 127.0.0.1, localhost and `*.aws.example`.
 *
 * @param url of the server behind
 */
export async function tlsServer(url: string): Promise<Loopback> {
  const server = createServer({ cert: pem('server.pem'), key: pem('server-key.pem') });
  server.on('request', (request, response) => {
    const { method, headers } = request;
    const onward = forward(new URL(request.url ?? '', url), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const loopback = await listenOnLoopback(server);
  return { ...loopback, url: loopback.url.replace('http:', 'https:') };
}
