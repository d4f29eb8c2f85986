import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { listenOnLoopback } from './loopback.ts';

/** How an invocation ends, as the Lambda API tells it. */
export type Ending =
  /** The handler returned this. */
  | { readonly result: unknown }
  /** The handler threw, or the runtime was killed. */
  | { readonly failure: { readonly name: string; readonly message: string } }
  /** Lambda itself refused. */
  | { readonly refusal: { readonly status: number; readonly code: string } };

/** What stands behind a function. */
type Invoke = (event: unknown) => Promise<Ending>;

export interface LambdaEndpoint {
  readonly port: number;
  /** All events so far, in order. */
  readonly events: unknown[];
  /** From now on invocations go there. */
  behave(invoke: Invoke): void;
  close(): Promise<void>;
}

/** Lambda's Invoke, and nothing else of it: moto would need Docker for the same. */
export async function startLambdaEndpoint(): Promise<LambdaEndpoint> {
  const events: unknown[] = [];
  let behaviour: Invoke | undefined;
  const server = createServer(async (request, response) => {
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      const event = await json(request);
      events.push(event);
      if (!behaviour) throw new Error('Nothing stands behind the function.');
      answer(response, await behaviour(event));
    } catch (error) {
      // Not retried by the workflow, and seen in the execution's cause.
      response.writeHead(400, { 'x-amzn-errortype': 'TestFailed' });
      response.end(JSON.stringify({ Message: String(error) }));
    }
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    port,
    events,
    behave(invoke) {
      behaviour = invoke;
      events.length = 0;
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
