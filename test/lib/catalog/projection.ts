import type { GlueTable } from './synthesized.ts';

/** A partition as Athena works it out: where its objects lie, and the values of the partition columns. */
export interface ProjectedPartition {
  readonly location: string;
  readonly values: Readonly<Record<string, string>>;
}

const DAY = 86_400_000;

/** `2026-01-01` or `NOW`, `NOW+1DAY`, `NOW-2DAYS` (Athena User Guide, "Supported types for partition projection"). */
function day(bound: string, now: Date): number {
  const relative = /^NOW(?:([+-]\d+)DAYS?)?$/.exec(bound);
  if (relative === null) return Date.parse(`${bound}T00:00:00Z`);
  const today = Date.parse(`${now.toISOString().slice(0, 10)}T00:00:00Z`);
  return today + Number(relative[1] ?? 0) * DAY;
}

function valuesOf(parameters: GlueTable['Parameters'], column: string, now: Date): string[] {
  const property = (name: string) => parameters[`projection.${column}.${name}`] ?? '';
  switch (property('type')) {
    case 'enum':
      return property('values').split(',');
    case 'date': {
      if (property('format') !== 'yyyy-MM-dd' || property('interval.unit') !== 'DAYS') break;
      const [first = '', last = ''] = property('range').split(',');
      const days: string[] = [];
      const step = Number(property('interval')) * DAY;
      for (let at = day(first, now); at <= day(last, now); at += step) {
        days.push(new Date(at).toISOString().slice(0, 10));
      }
      return days;
    }
  }
  throw new Error(`Athena could not project the column ${column}.`);
}

/** Partition projection as AWS documents it, written anew: the partitions of a table at a time. */
export function projectedPartitions(table: GlueTable, now: Date): ProjectedPartition[] {
  const { Parameters: parameters, PartitionKeys: keys } = table;
  if (parameters['projection.enabled'] !== 'true') throw new Error('Projection is not enabled.');
  let partitions: ProjectedPartition[] = [
    { location: parameters['storage.location.template'] ?? '', values: {} },
  ];
  for (const { Name: column } of keys) {
    partitions = partitions.flatMap(({ location, values }) =>
      valuesOf(parameters, column, now).map((value) => ({
        location: location.replaceAll(`\${${column}}`, value),
        values: { ...values, [column]: value },
      })),
    );
  }
  return partitions;
}
