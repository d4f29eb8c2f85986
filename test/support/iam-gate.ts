import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AccessRequest } from './iam-policy.ts';
import { listenOnLoopback } from './loopback.ts';

/** Where the gate passes requests on to, once they are allowed. */
export interface Behind {
  readonly s3: string;
  readonly connect: string;
}

export interface Gate {
  /** Works as the endpoint of S3, Connect and Service Quotas. */
  readonly url: string;
  /** All that IAM was asked so far. */
  readonly asked: readonly AccessRequest[];
  close(): Promise<void>;
}

const REGION = 'us-east-1';
const ACCOUNT = '123456789012';

interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** AWS's door: each request is turned into what IAM is asked for it, and gets in only if that is allowed. */
export async function startGate(
  behind: Behind,
  isAllowed: (request: AccessRequest) => boolean,
): Promise<Gate> {
  const asked: AccessRequest[] = [];
  const ask = (requests: readonly AccessRequest[]): boolean => {
    asked.push(...requests);
    return requests.every(isAllowed);
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await read(request);
    const service = /\/([a-z0-9-]+)\/aws4_request/.exec(received.headers.authorization ?? '')?.[1];
    if (service === 's3') await serveS3(received, response);
    else if (service === 'connect') await serveConnect(received, response);
    else if (service === 'servicequotas') serveQuotas(received, response);
    else response.writeHead(400).end();
  }

  async function serveS3(received: Received, response: ServerResponse): Promise<void> {
    if (!ask(s3Requests(received))) return denied(response, 'xml');
    const answer = await passOn(behind.s3, received);
    // S3 hides whether an object is missing from those who may not list the bucket.
    const reads = received.method === 'GET' || copySourceOf(received) !== undefined;
    const missing = reads && answer.status === 404;
    if (missing && !ask([listBucket(received)])) return denied(response, 'xml');
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async function serveConnect(received: Received, response: ServerResponse): Promise<void> {
    if (!ask(connectRequests(received))) return denied(response, 'json');
    const answer = await passOn(behind.connect, received);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  function serveQuotas({ body }: Received, response: ServerResponse): void {
    const { ServiceCode, QuotaCode } = JSON.parse(body.toString());
    const resource = `arn:aws:servicequotas:${REGION}:${ACCOUNT}:${ServiceCode}/${QuotaCode}`;
    const allowed = ask([{ action: 'servicequotas:GetServiceQuota', resource }]);
    if (allowed) {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ Quota: { Value: 100_000 } }));
    } else denied(response, 'json');
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  const { url, close } = await listenOnLoopback(server);
  return {
    url,
    asked,
    close,
  };
}

/** What IAM is asked for a call of Connect (Service Authorization Reference, "Amazon Connect"). */
function connectRequests({ url, body }: Received): AccessRequest[] {
  const [first = '', inPath, userId] = url.pathname.split('/').slice(1);
  const instanceId = inPath ?? JSON.parse(body.toString()).InstanceId;
  const instance = `arn:aws:connect:${REGION}:${ACCOUNT}:instance/${instanceId}`;
  const ask = (actions: readonly string[], ...resources: readonly string[]) =>
    actions.flatMap((action) =>
      [instance, ...resources].map((resource) => ({ action: `connect:${action}`, resource })),
    );
  switch (first) {
    case 'users-summary':
      return ask(['ListUsers']);
    case 'users':
      return ask(['ListUserProficiencies'], `${instance}/agent/${userId}`);
    case 'routing-profiles-summary':
      return ask(['ListRoutingProfiles']);
    case 'search-users':
      return ask(['SearchUsers', 'DescribeUser', 'ListUserProficiencies']);
    case 'search-user-hierarchy-groups':
      return ask(
        ['SearchUserHierarchyGroups', 'DescribeUserHierarchyGroup'],
        `${instance}/agent-group/any`,
      );
    case 'search-predefined-attributes':
      return ask(['SearchPredefinedAttributes', 'DescribePredefinedAttribute']);
    default:
      throw new Error(`IAM is not asked for ${url.pathname}: say here what for.`);
  }
}

/** What IAM is asked for a call of S3 (S3 User Guide, "Required permissions for S3 API operations"). */
function s3Requests({ method, url, headers }: Received): AccessRequest[] {
  const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
  const resource = `arn:aws:s3:::${bucket}/${rest.join('/')}`;
  if (method === 'GET' && rest.join('') === '') {
    const prefix = url.searchParams.get('prefix');
    return [{ ...bucketOf(url), ...(prefix !== null && { context: { 's3:prefix': prefix } }) }];
  }
  if (method === 'GET') return [{ action: 's3:GetObject', resource }];
  if (method === 'DELETE') {
    const action = url.searchParams.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject';
    return [{ action, resource }];
  }
  // A write on condition that an object is still the same must be allowed to look at it.
  const looks = headers['if-match'] === undefined ? [] : [{ action: 's3:GetObject', resource }];
  const source = copySourceOf({ headers });
  const reads = source === undefined ? [] : [{ action: 's3:GetObject', resource: source }];
  return [...reads, { action: 's3:PutObject', resource }, ...looks];
}

/** What a request has copied; the parts of a copy name it too. */
function copySourceOf({ headers }: Pick<Received, 'headers'>): string | undefined {
  const source = [headers['x-amz-copy-source']].flat()[0];
  return source && `arn:aws:s3:::${decodeURIComponent(source).replace(/^\//, '')}`;
}

const bucketOf = (url: URL): AccessRequest => ({
  action: 's3:ListBucket',
  resource: `arn:aws:s3:::${url.pathname.split('/')[1]}`,
});

const listBucket = ({ url }: Received): AccessRequest => bucketOf(url);

async function read(request: IncomingMessage): Promise<Received> {
  return {
    method: request.method ?? '',
    url: new URL(request.url ?? '/', 'http://gate'),
    headers: request.headers,
    body: await buffer(request),
  };
}

async function passOn(to: string, { method, url, headers, body }: Received) {
  const { expect: _, ...rest } = headers;
  const passed = send(new URL(`${url.pathname}${url.search}`, to), {
    method,
    headers: rest,
    agent: false,
  });
  passed.end(body);
  const [answer]: IncomingMessage[] = await once(passed, 'response');
  if (!answer) throw new Error(`${to} does not answer.`);
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) };
}

function denied(response: ServerResponse, as: 'json' | 'xml'): void {
  if (as === 'xml') {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
  } else {
    response.writeHead(403, {
      'content-type': 'application/json',
      'x-amzn-errortype': 'AccessDeniedException',
    });
    response.end(JSON.stringify({ message: 'User is not authorized to perform this.' }));
  }
}
