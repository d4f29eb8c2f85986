import * as z from 'zod/mini';
import type { AttributeLine } from '../../contract/attribute.ts';
import { plannedAttributesKey, type RunKey } from '../../contract/keys.ts';
import { compareText } from '../../contract/proficiency-order.ts';
import { readBytes } from '../files/json.ts';
import { gzipLines, sha256, toLine } from '../files/ndjson.ts';
import type { Connect, PredefinedAttribute, Store } from '../ports.ts';
import type { Run } from '../run/identity.ts';
import { type Limit, readExtra } from './extras.ts';

/** What a run has read of the predefined attributes. Its lines lie beside the plan until they are published. */
export const plannedAttributesSchema = z.strictObject({
  status: z.enum(['complete', 'none', 'off']),
  reason: z.nullable(z.string()),
  /** Of the compressed lines, in hex; null where there are none. */
  sha256: z.nullable(z.string()),
});

export type PlannedAttributes = z.infer<typeof plannedAttributesSchema>;

/** The attributes of runs that do not ask for them. */
export const ATTRIBUTES_OFF: PlannedAttributes = { status: 'off', reason: null, sha256: null };

const none = (reason: string): PlannedAttributes => ({ status: 'none', reason, sha256: null });

/** Connect allows 150 attributes with 500 values each by default; see `Reading`. */
const MOST_VALUES = 200_000;

const valuesOf = ({ values }: PredefinedAttribute): readonly (string | null)[] =>
  values.length === 0 ? [null] : [...new Set(values)].sort(compareText);

/** A line for each attribute and value, by name and value: the same attributes give the same bytes. */
function* linesOf(
  { instanceId, runId, snapshotDate }: Run,
  attributes: Iterable<PredefinedAttribute>,
): Generator<string> {
  for (const attribute of [...attributes].sort((a, b) => compareText(a.name, b.name))) {
    for (const value of valuesOf(attribute)) {
      yield toLine({
        instance_id: instanceId,
        snapshot_date: snapshotDate,
        attribute_name: attribute.name,
        attribute_value: value,
        purposes: [...new Set(attribute.purposes)].sort(compareText),
        modified_at: attribute.modifiedAt?.toISOString() ?? null,
        run_id: runId,
      } satisfies AttributeLine);
    }
  }
}

/**
 * Reads the predefined attributes and keeps them beside the plan. Half a list would make values look undefined: it is all of them or
 * none.
 */
export async function planAttributes(
  connect: Connect,
  store: Store,
  run: Run,
  planId: string,
  limit: Limit,
): Promise<PlannedAttributes> {
  const attributes = new Map<string, PredefinedAttribute>();
  const reason = await readExtra(
    {
      operation: 'search_predefined_attributes',
      pages: connect.searchPredefinedAttributes(run.instanceId, limit.signal),
      most: MOST_VALUES,
      size: ({ values }) => Math.max(1, values.length),
    },
    limit,
    (attribute) => attributes.set(attribute.name, attribute),
  );
  if (reason !== undefined) return none(reason);
  const body = await gzipLines([...linesOf(run, attributes.values())]);
  await store.put(plannedAttributesKey(run.instanceId, run.runId, planId), body);
  return { status: 'complete', reason: null, sha256: sha256(body) };
}

/** The lines as a run has kept them, compressed; `undefined` where they are there no longer as it left them. */
export async function keptAttributes(
  store: Store,
  run: RunKey,
  planId: string,
  { sha256: expected }: PlannedAttributes,
): Promise<Uint8Array | undefined> {
  const object = await store.get(plannedAttributesKey(run.instanceId, run.runId, planId));
  const body = object && (await readBytes(object));
  return body && sha256(body) === expected ? body : undefined;
}
