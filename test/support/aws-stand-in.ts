import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Elements, xml } from './fake-s3/xml.ts';
import { listenOnLoopback } from './loopback.ts';

/** A refusal, as AWS words it. */
interface Refusal {
  readonly error: string;
  readonly message: string;
  /** Default 400. */
  readonly status?: number;
}

/** What a request is answered with: by the protocol of its service, JSON or the elements of an XML document. */
export type StandInAnswer = Refusal | { readonly result: unknown };

/** Answers a request by what it asks. */
export type Answering = (input: Readonly<Record<string, unknown>>) => StandInAnswer;

/** AWS's services as far as a table of answers goes, at one address. */
export interface StandIn {
  /** What `AWS_ENDPOINT_URL` is set to. */
  readonly url: string;
  /** Every request received, such as `glue:GetTables`. */
  readonly calls: readonly string[];
  /** The same with what they asked for. */
  readonly inputs: readonly { readonly call: string; readonly input: Request['input'] }[];
  /** Has a request answered otherwise than by the table, until `reset`. */
  answer(call: string, answer: StandInAnswer | Answering): void;
  reset(): void;
  close(): Promise<void>;
}

/** By the name that a signature is for, where IAM has another one. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** These answer in XML. */
const QUERY = ['cloudformation', 'iam', 'sns', 'sts'];

/** The Schedulers' operations have paths in place of names. */
const PATHS: readonly (readonly [path: RegExp, call: string])[] = [
  [/^\/schedules\/[^/]+$/, 'scheduler:GetSchedule'],
];

interface Request {
  readonly service: string;
  readonly call: string;
  readonly input: Readonly<Record<string, unknown>>;
}

function read({ headers, url = '/' }: IncomingMessage, body: string): Request {
  const [, signedFor = ''] =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const service = PREFIXES[signedFor] ?? signedFor;
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    return { service, call: `${service}:${target.split('.')[1]}`, input: JSON.parse(body) };
  }
  const form = new URLSearchParams(body);
  const action = form.get('Action');
  if (action !== null) {
    return { service, call: `${service}:${action}`, input: Object.fromEntries(form) };
  }
  const { pathname } = new URL(url, 'http://stand.in');
  const call = PATHS.find(([path]) => path.test(pathname))?.[1];
  return { service, call: call ?? `${service}:${pathname}`, input: {} };
}

function send(response: ServerResponse, { service, call }: Request, answer: StandInAnswer): void {
  const isQuery = QUERY.includes(service);
  const headers = {
    'content-type': isQuery ? 'text/xml' : 'application/x-amz-json-1.1',
    'x-amzn-requestid': 'stand-in',
  };
  if ('error' in answer) {
    const { error, message, status = 400 } = answer;
    const body = isQuery
      ? xml({ ErrorResponse: { Error: { Type: 'Sender', Code: error, Message: message } } })
      : JSON.stringify({ __type: error, message });
    response.writeHead(status, { ...headers, 'x-amzn-errortype': error }).end(body);
    return;
  }
  const [, name = ''] = call.split(':');
  const body = isQuery
    ? xml({ [`${name}Response`]: { [`${name}Result`]: answer.result as Elements } })
    : JSON.stringify(answer.result);
  response.writeHead(200, headers).end(body);
}

/** @param table what each call is answered with; all others are refused as unknown */
export async function startStandIn(
  table: Readonly<Record<string, StandInAnswer | Answering>>,
): Promise<StandIn> {
  const inputs: { call: string; input: Request['input'] }[] = [];
  const others = new Map<string, StandInAnswer | Answering>();
  const answerTo = ({ call, input }: Request): StandInAnswer => {
    const answer = others.get(call) ?? table[call];
    if (answer === undefined) {
      return { error: 'UnknownOperationException', message: `Nobody answers ${call}.` };
    }
    return typeof answer === 'function' ? answer(input) : answer;
  };
  const server = createServer(async (request, response) => {
    const asked = read(request, await text(request));
    inputs.push({ call: asked.call, input: asked.input });
    send(response, asked, answerTo(asked));
  });
  const { url, close } = await listenOnLoopback(server);
  return {
    url,
    inputs,
    get calls() {
      return inputs.map(({ call }) => call);
    },
    answer: (call, answer) => void others.set(call, answer),
    reset() {
      others.clear();
      inputs.length = 0;
    },
    close,
  };
}
