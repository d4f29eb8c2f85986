import * as z from 'zod';

type Schema = z.core.JSONSchema.BaseSchema;

/** What dates and times are to a schema, and a number without a fraction. */
const SPECIAL: Readonly<Record<string, string>> = {
  date: 'string (date)',
  'date-time': 'string (date and time)',
  integer: 'whole number',
};

const isSchema = (schema: Schema | boolean | undefined): schema is Schema =>
  typeof schema === 'object';

const listed = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(' | ');

/** Fields of one type share it. */
function objectText({ properties, additionalProperties }: Schema): string {
  if (isSchema(additionalProperties)) return `{ [key]: ${typeText(additionalProperties)} }`;
  const names = new Map<string, string[]>();
  for (const [name, part] of Object.entries(properties ?? {})) {
    if (!isSchema(part)) continue;
    const type = typeText(part);
    names.set(type, [...(names.get(type) ?? []), name]);
  }
  const parts = [...names].map(([type, those]) => `${those.join(', ')}: ${type}`);
  return `{ ${parts.join('; ')} }`;
}

/** The type of a value, as a person says it. */
function typeText(schema: Schema): string {
  if (schema.const !== undefined) return listed([schema.const]);
  if (schema.enum) return listed(schema.enum);
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  if (schema.type === 'array') {
    const { items } = schema;
    return typeof items === 'object' && !Array.isArray(items)
      ? `list of ${typeText(items)}`
      : 'list';
  }
  if (schema.type === 'object') return objectText(schema);
  return SPECIAL[schema.format ?? schema.type ?? ''] ?? schema.type ?? 'any';
}

/** A field of an object, as its schema has it. */
export interface Field {
  readonly name: string;
  readonly type: string;
  /** Whether an object may do without it. */
  readonly isOptional: boolean;
}

export function fieldsOf(schema: z.core.$ZodType): readonly Field[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema);
  return Object.entries(properties).flatMap(([name, part]) =>
    isSchema(part) ? [{ name, type: typeText(part), isOptional: !required.includes(name) }] : [],
  );
}
