import * as z from 'zod';
import {
  EVENT_SOURCE,
  SNAPSHOT_PUBLISHED,
  snapshotPublishedSchema,
} from '../../contract/snapshot-published.ts';
import { documentAt } from './markdown.ts';

const fencesOf = (language: string): string[] =>
  documentAt('docs/events.md')
    .fences.filter((fence) => fence.language === language)
    .map(({ text }) => text);

/** An event as EventBridge hands it on (EventBridge User Guide, "AWS event structure"). */
const eventSchema = z.strictObject({
  version: z.literal('0'),
  id: z.uuid(),
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.literal(SNAPSHOT_PUBLISHED),
  account: z.string(),
  region: z.string(),
  time: z.iso.datetime(),
  resources: z.array(z.string()),
  detail: snapshotPublishedSchema,
});

/** The event that the document shows. @throws where it is none that the workflow sends */
export const shownEvent = (): z.infer<typeof eventSchema> =>
  eventSchema.parse(JSON.parse(fencesOf('json')[0] ?? ''));

/** The templates that the document gives to copy. */
export const shownTemplates = (): string[] => fencesOf('yaml');
