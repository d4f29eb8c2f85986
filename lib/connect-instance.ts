import { INSTANCE_ARN, INSTANCE_ID } from '../lambda/contract/event.ts';

/** An Amazon Connect instance, and where it lives if its ARN was given. */
export interface ConnectInstance {
  readonly id: string;
  readonly account?: string;
  readonly region?: string;
}

/** How a person finds what to configure; ends every message about an instance. */
export const HOW_TO_FIND_INSTANCE_IDS =
  'find it with "aws connect list-instances" or in the Amazon Connect console, at the end of the instance\'s ARN';

/** Reads an instance id or instance ARN; `undefined` where the text is neither. */
export function parseInstance(text: string): ConnectInstance | undefined {
  if (INSTANCE_ID.test(text)) return { id: text };
  const [, , region, account, id] = INSTANCE_ARN.exec(text) ?? [];
  if (region === undefined || account === undefined || id === undefined) return undefined;
  return { id, account, region };
}
