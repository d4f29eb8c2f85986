import * as z from 'zod';
import { invalidRequest, unknownOperation } from './answers/errors.ts';
import { type Call, OPERATION_NAMES, OPERATIONS, type Operation } from './operations.ts';

const searchSchema = z.looseObject({
  InstanceId: z.string(),
  NextToken: z.string().optional(),
  MaxResults: z.unknown().optional(),
  SearchFilter: z.unknown().optional(),
  SearchCriteria: z.unknown().optional(),
});

/**
 * Understands a request by the URIs of Connect's API model.
 *
 * @throws ConnectError UnknownOperationException, or InvalidRequestException for a body that is not what the API model says
 */
export function parseRequest(method: string, target: string, body: string): Call {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const call = parsePath(method, path);
  if (call === undefined) {
    throw unknownOperation(`The simulator has no operation at ${method} ${path}.`);
  }
  if (method === 'POST') return parseSearch(call.operation, body);
  return mark < 0 ? call : { ...call, ...parsePaging(target.slice(mark + 1)) };
}

/** The parts of a path; those in braces are parameters. */
const ROUTES = OPERATION_NAMES.map((operation) => {
  const { method, path } = OPERATIONS[operation];
  return { operation, method, parts: path.split('/') };
});

/** The member of a call that each parameter of a path gives. */
const PARAMETERS: Readonly<Record<string, 'instanceId' | 'userId' | 'name'>> = {
  '{InstanceId}': 'instanceId',
  '{UserId}': 'userId',
  '{Name}': 'name',
};

function parsePath(method: string, path: string): Call | undefined {
  const given = path.split('/');
  const route = ROUTES.find(
    ({ method: by, parts }) =>
      by === method &&
      parts.length === given.length &&
      parts.every((part, at) => (part in PARAMETERS ? given[at] !== '' : given[at] === part)),
  );
  if (route === undefined) return undefined;
  const parameters = route.parts.flatMap((part, at) => {
    const name = PARAMETERS[part];
    return name === undefined ? [] : [[name, decode(given[at] ?? '')]];
  });
  return { operation: route.operation, ...Object.fromEntries(parameters) };
}

function parseSearch(operation: Operation, body: string): Call {
  const parsed = searchSchema.safeParse(parseJson(body));
  if (!parsed.success) {
    throw invalidRequest(
      `The body is not a ${operation} request: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { InstanceId, NextToken, MaxResults, SearchFilter, SearchCriteria } = parsed.data;
  return {
    operation,
    instanceId: InstanceId,
    ...(NextToken !== undefined && { nextToken: NextToken }),
    ...(MaxResults !== undefined && { maxResults: String(MaxResults) }),
    ...(SearchFilter !== undefined && { filter: SearchFilter }),
    ...(SearchCriteria !== undefined && { criteria: SearchCriteria }),
  };
}

/** The access key id in an `Authorization` header of Signature Version 4: who is calling. */
export function tenantOf(authorization: string | undefined): string {
  const from = authorization?.indexOf('Credential=') ?? -1;
  if (authorization === undefined || from < 0) return 'unsigned';
  return authorization.slice(from + 'Credential='.length).split('/', 1)[0] ?? 'unsigned';
}

function parsePaging(query: string): Pick<Call, 'nextToken' | 'maxResults'> {
  const parameters = new URLSearchParams(query);
  const nextToken = parameters.get('nextToken');
  const maxResults = parameters.get('maxResults');
  return { ...(nextToken !== null && { nextToken }), ...(maxResults !== null && { maxResults }) };
}

/** The text of JSON as a value, or `undefined` where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
