import { partitionOf } from './region.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const ID = new RegExp(`^${UUID}$`);

const ARN = new RegExp(
  `^arn:(?<partition>aws[a-z-]*):connect:(?<region>[a-z0-9-]+):(?<account>\\d{12}):instance/(?<id>${UUID})$`,
);

/** An Amazon Connect instance, and where it lives if its ARN was given. */
export interface ConnectInstance {
  /** A lower-case UUID. A replica in another Region has the same one. */
  readonly id: string;
  /** Twelve digits. */
  readonly account?: string;
  readonly region?: string;
}

/** Reads an instance id or instance ARN; `undefined` where the text is neither, or the ARN's Region is not of its partition. */
export function parseInstance(text: string): ConnectInstance | undefined {
  if (ID.test(text)) return { id: text };
  const { partition, region, account, id } = ARN.exec(text)?.groups ?? {};
  if (region === undefined || account === undefined || id === undefined) return undefined;
  if (partitionOf(region) !== partition) return undefined;
  return { id, account, region };
}
