/** A column type as the Glue Data Catalog writes it, taken apart. */
export type HiveType =
  | { readonly kind: 'scalar'; readonly name: ScalarName }
  | { readonly kind: 'array'; readonly element: HiveType }
  | { readonly kind: 'map'; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: 'struct'; readonly fields: readonly (readonly [string, HiveType])[] };

/** The scalar types this project's tables and views use. */
export const SCALAR_NAMES = ['string', 'int', 'bigint', 'double', 'date', 'timestamp'] as const;

export type ScalarName = (typeof SCALAR_NAMES)[number];

const isScalar = (name: string): name is ScalarName => SCALAR_NAMES.some((known) => known === name);

const unwrap = (text: string, name: string): string | undefined =>
  text.startsWith(`${name}<`) && text.endsWith('>') ? text.slice(name.length + 1, -1) : undefined;

/** Splits at the commas that are not inside a nested type. */
function splitFields(text: string): string[] {
  let depth = 0;
  let field = '';
  const fields: string[] = [];
  for (const character of text) {
    if (character === '<') depth += 1;
    if (character === '>') depth -= 1;
    if (character === ',' && depth === 0) {
      fields.push(field);
      field = '';
    } else {
      field += character;
    }
  }
  return [...fields, field];
}

function parseField(text: string): readonly [string, HiveType] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), parseHiveType(text.slice(colon + 1))];
}

/**
 * Takes a Hive column type apart: `array<struct<level:double>>`.
 *
 * @throws Error where the type is none of those this project uses
 */
export function parseHiveType(text: string): HiveType {
  const element = unwrap(text, 'array');
  if (element !== undefined) return { kind: 'array', element: parseHiveType(element) };
  const entry = unwrap(text, 'map');
  const [key, value, ...others] = entry === undefined ? [] : splitFields(entry);
  if (key !== undefined && value !== undefined && others.length === 0) {
    return { kind: 'map', key: parseHiveType(key), value: parseHiveType(value) };
  }
  const fields = unwrap(text, 'struct');
  if (fields !== undefined) return { kind: 'struct', fields: splitFields(fields).map(parseField) };
  if (isScalar(text)) return { kind: 'scalar', name: text };
  throw new Error(
    `"${text}" is not a column type this project uses; add it to sql/column-type.ts.`,
  );
}
