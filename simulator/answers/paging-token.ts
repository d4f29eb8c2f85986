import { hash } from '../random.ts';
import { invalidRequest } from './errors.ts';

/** Where a listing goes on. */
export interface Position {
  /** The number of the next entry. */
  readonly index: number;
  /** How many empty pages were given at this place. */
  readonly emptyPages: number;
}

/** Connect's tokens are good for 24 hours. */
const LIFETIME_S = 86_400;

const BYTES = 16;

/**
 * Makes a NextToken. It is base64 with `+`, `/` and `=`, so that a client that does not escape it in a
 * query string is found out, and it is bound to its list by a checksum.
 *
 * @param scope tells lists apart
 * @param now seconds since the epoch
 */
export function writeToken(position: Position, scope: number, now: number): string {
  const mask = hash(scope, position.index, now);
  const token = Buffer.alloc(BYTES);
  token.writeUInt32BE(mask, 0);
  token.writeUInt32BE((position.index ^ mask) >>> 0, 4);
  token.writeUInt32BE((Math.floor(now) ^ mask) >>> 0, 8);
  token.writeUInt16BE(position.emptyPages, 12);
  token.writeUInt16BE(checksum(token, scope), 14);
  return token.toString('base64');
}

/**
 * Reads a NextToken.
 *
 * @throws ConnectError InvalidRequestException where it was not given for this scope or more than 24 hours ago
 */
export function readToken(text: string, scope: number, now: number): Position {
  const token = Buffer.from(text, 'base64');
  const isOurs =
    token.length === BYTES &&
    token.toString('base64') === text &&
    token.readUInt16BE(14) === checksum(token, scope);
  if (!isOurs) throw invalidRequest('The NextToken is not valid for this list.');
  const mask = token.readUInt32BE(0);
  const issuedAt = (token.readUInt32BE(8) ^ mask) >>> 0;
  if (now - issuedAt > LIFETIME_S) throw invalidRequest('The NextToken has expired.');
  return {
    index: (token.readUInt32BE(4) ^ mask) >>> 0,
    emptyPages: token.readUInt16BE(12),
  };
}

const checksum = (token: Buffer, scope: number): number =>
  hash(
    scope,
    token.readUInt32BE(0),
    token.readUInt32BE(4),
    token.readUInt32BE(8),
    token.readUInt16BE(12),
  ) & 0xffff;
