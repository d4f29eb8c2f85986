import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listenOnLoopback } from './loopback.ts';

/** How an invocation ends, as the Lambda API tells it. */
export type Ending =
  /** The handler returned this. */
  | { readonly result: unknown }
  /** The handler threw, or the runtime was killed. */
  | { readonly failure: { readonly name: string; readonly message: string } }
  /** Lambda itself refused. */
  | { readonly refusal: { readonly status: number; readonly code: string } };

/** What comes of the invocation of a process; one that was killed answers nothing. */
export const endingOf = (
  answer:
    | {
        readonly result?: unknown;
        readonly failure?: { readonly name: string; readonly message: string } | undefined;
      }
    | undefined,
): Ending =>
  answer?.result
    ? { result: answer.result }
    : { failure: answer?.failure ?? { name: 'Runtime.ExitError', message: 'killed' } };

/** What stands behind a function. */
type Invoke = (event: unknown) => Promise<Ending>;

export interface LambdaFunction {
  /** All events so far, in order. */
  readonly events: unknown[];
  /** From now on invocations go there. */
  behave(invoke: Invoke): void;
}

/** An answer in place of the service that is asked. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface LambdaEndpoint {
  readonly port: number;
  /** A function by its name. */
  function(name: string): LambdaFunction;
  /** Where all goes that is not for Lambda. */
  passOn(url: string): void;
  /**
   * From now on these are the answers to the next calls of an operation, by what its `X-Amz-Target` ends in; `always` goes on
   * for good, until something else is said.
   */
  interpose(operation: string, answers: readonly Answer[], always?: 'always'): void;
  close(): Promise<void>;
}

const INVOKE = /^\/2015-03-31\/functions\/(?:[^/]*(?::|%3A))?(?<name>[\w-]+)\/invocations$/;

/** Lambda's Invoke, for which moto would need Docker; moto has the rest. */
export async function startLambdaEndpoint(): Promise<LambdaEndpoint> {
  const functions = new Map<string, LambdaFunction & { invoke: Invoke }>();
  const interposed = new Map<string, { answers: Answer[]; always: boolean }>();
  let elsewhere: string | undefined;

  function functionOf(name: string) {
    const known = functions.get(name);
    if (known) return known;
    const made = {
      events: [] as unknown[],
      invoke: async (): Promise<Ending> => {
        throw new Error(`Nothing stands behind the function ${name}.`);
      },
      behave(invoke: Invoke) {
        this.invoke = invoke;
        this.events.length = 0;
      },
    } satisfies LambdaFunction & { invoke: Invoke };
    functions.set(name, made);
    return made;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const name = INVOKE.exec(request.url ?? '')?.groups?.name;
    if (name === undefined) return serveElsewhere(request, body, response);
    const called = functionOf(name);
    const event: unknown = JSON.parse(body.toString());
    called.events.push(event);
    answer(response, await called.invoke(event));
  }

  async function serveElsewhere(
    { method = 'GET', url = '/', headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const operation = String(headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const queue = interposed.get(operation);
    const next = queue?.always ? queue.answers[0] : queue?.answers.shift();
    if (next) {
      response.writeHead(next.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(next.body));
      return;
    }
    if (elsewhere === undefined) throw new Error(`Nothing answers ${url}.`);
    const { host: _, connection: __, 'content-length': ___, ...passed } = headers;
    const given = await fetch(new URL(url, elsewhere), {
      method,
      headers: Object.entries(passed).map(
        ([key, value]) => [key, String(value)] as [string, string],
      ),
      ...(body.length > 0 && { body }),
    });
    const type = given.headers.get('content-type');
    response.writeHead(given.status, type === null ? {} : { 'content-type': type });
    response.end(Buffer.from(await given.arrayBuffer()));
  }

  const server = createServer(async (request, response) => {
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      await serve(request, response);
    } catch (error) {
      // Not retried by the workflow, and seen in the execution's cause.
      response.writeHead(400, { 'x-amzn-errortype': 'TestFailed' });
      response.end(JSON.stringify({ Message: String(error) }));
    }
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    port,
    function: functionOf,
    passOn(url) {
      elsewhere = url;
    },
    interpose(operation, answers, always) {
      interposed.set(operation, { answers: [...answers], always: always !== undefined });
    },
    close,
  };
}

function answer(response: ServerResponse, ending: Ending): void {
  if ('refusal' in ending) {
    const { status, code } = ending.refusal;
    response.writeHead(status, { 'x-amzn-errortype': code });
    response.end(JSON.stringify({ Type: 'User', Message: `Refused: ${code}` }));
  } else if ('failure' in ending) {
    const { name, message } = ending.failure;
    response.writeHead(200, { 'x-amz-function-error': 'Unhandled' });
    // As the Node.js runtime does, stack trace included.
    response.end(
      JSON.stringify({ errorType: name, errorMessage: message, trace: [`${name}: ${message}`] }),
    );
  } else {
    response.writeHead(200).end(JSON.stringify(ending.result));
  }
}
