import { CsvError, parse } from 'csv-parse/sync';

/** Why nothing of a file can be read; the message goes on after its name. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const SAVE_AS = 'save it as "CSV UTF-8"';

const beginsWith = (bytes: Uint8Array, ...first: readonly number[]): boolean =>
  first.every((byte, index) => bytes[index] === byte);

/**
 * The text of a CSV file.
 *
 * @throws Unreadable where it is not UTF-8: Excel saves "CSV" in an encoding of the computer's, and "Unicode Text" in UTF-16
 */
export function textOf(bytes: Uint8Array): string {
  if (beginsWith(bytes, 0xff, 0xfe) || beginsWith(bytes, 0xfe, 0xff)) {
    throw new Unreadable(`it is UTF-16, not UTF-8; ${SAVE_AS}`);
  }
  if (beginsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) {
    throw new Unreadable(`it is a workbook or another ZIP file, not CSV; ${SAVE_AS}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable(`it is not UTF-8; ${SAVE_AS}`);
  }
}

/** The fields of a text that is one record; `undefined` where its quotation marks are not in order. */
function fieldsIn(
  text: string,
  separator: string,
  quotes: 'strict' | 'relaxed',
): readonly string[] | undefined {
  // Most lines have none, and to set the parser up takes longer than all else.
  if (!text.includes('"')) return text.split(separator).map((field) => field.trim());
  try {
    const records = parse(text, {
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: quotes === 'relaxed',
      // To the library a tab is a space, too.
      trim: separator !== '\t',
    });
    return records.length === 1 ? records[0]?.map((field) => field.trim()) : undefined;
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** A record of a CSV file. */
export interface CsvRecord {
  /** Its first line, counted from 1. */
  readonly line: number;
  /** Without the spaces around them; `undefined` where the quotation marks are not in order. */
  readonly fields: readonly string[] | undefined;
  /** How many lines it has. */
  readonly height: number;
}

/** A cell can hold line breaks: so many lines at most are taken for one record. */
const MOST_LINES_OF_A_RECORD = 10;

const marksIn = (line: string): number => line.split('"').length - 1;

/** How many lines belong together, so that each quotation mark has another one; `undefined` where no few lines do. */
function heightAt(lines: readonly string[], at: number): number | undefined {
  let marks = 0;
  const index = lines.slice(at, at + MOST_LINES_OF_A_RECORD).findIndex((line) => {
    marks += marksIn(line);
    return marks % 2 === 0;
  });
  return index === -1 ? undefined : index + 1;
}

/**
 * The record that begins on a line.
 *
 * Not the whole file is parsed at once: a quotation mark that somebody forgot would take all lines after it away. Within one
 * line a mark may stand anywhere, because some programs do not quote where they separate by tabs.
 */
export function recordAt(lines: readonly string[], at: number, separator: string): CsvRecord {
  const line = at + 1;
  const own = fieldsIn(lines[at] ?? '', separator, 'relaxed');
  if (own) return { line, fields: own, height: 1 };
  const height = heightAt(lines, at) ?? 1;
  const fields =
    height === 1
      ? undefined
      : fieldsIn(lines.slice(at, at + height).join('\n'), separator, 'strict');
  return { line, fields, height: fields ? height : 1 };
}

/** Whether a line stands for an empty row of a spreadsheet. */
export const isBlank = (line: string): boolean => /^[\s,;"]*$/.test(line);

/** The records from a line on, but for blank ones. */
export function* recordsFrom(
  lines: readonly string[],
  first: number,
  separator: string,
): Generator<CsvRecord> {
  let at = first;
  while (at < lines.length) {
    if (isBlank(lines[at] ?? '')) {
      at += 1;
      continue;
    }
    const record = recordAt(lines, at, separator);
    yield record;
    at += record.height;
  }
}
