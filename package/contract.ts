/**
 * What an exporter publishes, for programs that read it: schemas (of zod) and types of rows, manifests, changes and events,
 * and the keys under which they lie.
 *
 * @packageDocumentation
 */
export { type AttributeLine, attributeSchema } from '../contract/attribute.ts';
export { type ChangeKind, type ChangeLine, changeSchema } from '../contract/change.ts';
export {
  ATTRIBUTES_PREFIX,
  attributesKey,
  CHANGES_PREFIX,
  changesKey,
  LATEST_PREFIX,
  latestKey,
  MANIFESTS_PREFIX,
  manifestKey,
  SNAPSHOTS_PREFIX,
  snapshotKey,
} from '../contract/keys.ts';
export {
  type Manifest,
  manifestSchema,
  type PublishedObject,
  type RequestCounts,
  type Requests,
} from '../contract/manifest.ts';
export { type Proficiency, type Row, rowSchema } from '../contract/row.ts';
export {
  type ChangeCounts,
  EVENT_SOURCE,
  SNAPSHOT_PUBLISHED,
  type SnapshotPublished,
  snapshotPublishedSchema,
} from '../contract/snapshot-published.ts';
