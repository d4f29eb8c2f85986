import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ConnectError } from './answers/errors.ts';
import { CONTROL_PREFIX, control } from './control.ts';
import { parseRequest, tenantOf } from './requests.ts';
import {
  createService,
  errorOutcome,
  type Reply,
  type Service,
  type ServiceOptions,
} from './service.ts';

/** How the simulator is started. */
export interface SimulatorOptions extends ServiceOptions {
  /** TCP port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
}

/** A running simulator. */
export interface Simulator extends Omit<Service, 'reply'> {
  /** What `AWS_ENDPOINT_URL_CONNECT` must be. */
  readonly url: string;
  readonly instanceId: string;
  /** Cuts all connections and frees the port. */
  close(): Promise<void>;
}

/** As long as load balancers of AWS keep idle connections; shorter ones break under clients that reuse them. */
const KEEP_ALIVE_MS = 60_000;

/** No request of Connect's is near this. */
const LARGEST_BODY = 1_000_000;

/**
 * Starts a server that speaks Amazon Connect's REST-JSON protocol on 127.0.0.1, for one instance: the operations in
 * `operations.ts`. Requests need not be signed; the access key id tells callers apart.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const service = createService(options);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    receive(service, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The simulator has no port.');
  const { reply: _, ...handle } = service;
  return {
    ...handle,
    url: `http://127.0.0.1:${address.port}`,
    instanceId: service.dataset().instanceId,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function receive(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '' } = request;
  const body = method === 'GET' ? '' : await read(request);
  const reply = url.startsWith(CONTROL_PREFIX)
    ? control(service, method, url, body)
    : connectReply(service, request, body);
  if (reply.delayMs > 0) setTimeout(send, reply.delayMs, response, reply).unref();
  else send(response, reply);
}

function connectReply(
  service: Service,
  { method = '', url = '', headers }: IncomingMessage,
  body: string,
): Reply {
  try {
    return service.reply(tenantOf(headers.authorization), parseRequest(method, url, body));
  } catch (error) {
    if (error instanceof ConnectError) return { ...errorOutcome(error), delayMs: 0 };
    throw error;
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    body += chunk;
    if (body.length > LARGEST_BODY)
      throw new Error(`A body has more than ${LARGEST_BODY} characters.`);
  }
  return body;
}

function send(response: ServerResponse, { status, errorType, body, cut }: Reply): void {
  if (cut === 'beforeAnswer') {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'x-amzn-requestid': randomUUID(),
    ...(errorType !== undefined && { 'x-amzn-errortype': errorType }),
  });
  if (cut === 'midBody') {
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    return;
  }
  response.end(bytes);
}
