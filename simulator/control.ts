import * as z from 'zod';
import { faultsSchema } from './faults/faults.ts';
import { parseJson } from './requests.ts';
import type { Reply, Service } from './service.ts';

/** Where the simulator itself, not Connect, is spoken to. */
export const CONTROL_PREFIX = '/_simulator/';

const json = (status: number, value: unknown): Reply => ({
  status,
  body: JSON.stringify(value),
  delayMs: 0,
});

/**
 * What another process may ask of a running simulator: `GET stats`, `GET faults`, `PUT faults` (a
 * JSON array; `[]` ends all faults).
 */
export function control(service: Service, method: string, path: string, body: string): Reply {
  switch (`${method} ${path.slice(CONTROL_PREFIX.length)}`) {
    case 'GET stats':
      return json(200, service.stats());
    case 'GET faults':
      return json(200, service.faults());
    case 'PUT faults':
      return putFaults(service, body);
    default:
      return json(404, {
        Message: `There is no ${method} ${path}: use GET ${CONTROL_PREFIX}stats or GET or PUT ${CONTROL_PREFIX}faults.`,
      });
  }
}

function putFaults(service: Service, body: string): Reply {
  const parsed = faultsSchema.safeParse(parseJson(body));
  if (!parsed.success) {
    return json(400, { Message: `These are not faults: ${z.prettifyError(parsed.error)}` });
  }
  service.setFaults(parsed.data);
  return json(200, parsed.data);
}
