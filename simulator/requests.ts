import { z } from 'zod';
import { invalidRequest, unknownOperation } from './answers/errors.ts';
import type { Call } from './operations.ts';

const searchSchema = z.looseObject({
  InstanceId: z.string(),
  NextToken: z.string().optional(),
  MaxResults: z.unknown().optional(),
  SearchFilter: z.looseObject({}).optional(),
  SearchCriteria: z.looseObject({}).optional(),
});

/**
 * Understands a GET request by the URIs of Connect's API model.
 *
 * @throws ConnectError UnknownOperationException
 */
export function parseGet(target: string): Call {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const call = parsePath(path);
  if (call === undefined) {
    throw unknownOperation(`The simulator has no operation at GET ${path}.`);
  }
  return mark < 0 ? call : { ...call, ...parsePaging(target.slice(mark + 1)) };
}

function parsePath(path: string): Call | undefined {
  const [root, resource, instanceId, userId, list, ...rest] = path.split('/').map(decode);
  if (root !== '' || instanceId === '' || userId === '' || rest.length > 0) return undefined;
  if (instanceId === undefined) {
    return resource === 'instance' ? { operation: 'ListInstances' } : undefined;
  }
  if (userId === undefined) {
    if (resource === 'users-summary') return { operation: 'ListUsers', instanceId };
    return resource === 'instance' ? { operation: 'DescribeInstance', instanceId } : undefined;
  }
  if (resource !== 'users') return undefined;
  if (list === undefined) return { operation: 'DescribeUser', instanceId, userId };
  return list === 'proficiencies'
    ? { operation: 'ListUserProficiencies', instanceId, userId }
    : undefined;
}

/**
 * Understands the body of SearchUsers.
 *
 * @throws ConnectError InvalidRequestException where it is not what the API model says
 */
export function parseSearch(body: string): Call {
  const parsed = searchSchema.safeParse(parseJson(body));
  if (!parsed.success)
    throw invalidRequest(`The body is not a SearchUsers request: ${z.prettifyError(parsed.error)}`);
  const { InstanceId, NextToken, MaxResults, SearchFilter, SearchCriteria } = parsed.data;
  return {
    operation: 'SearchUsers',
    instanceId: InstanceId,
    ...(NextToken !== undefined && { nextToken: NextToken }),
    ...(MaxResults !== undefined && { maxResults: String(MaxResults) }),
    isFiltered: [SearchFilter, SearchCriteria].some(
      (given) => given !== undefined && Object.keys(given).length > 0,
    ),
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
