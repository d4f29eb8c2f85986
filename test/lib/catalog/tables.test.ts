import { attributeSchema } from '../../../contract/attribute.ts';
import { changeSchema } from '../../../contract/change.ts';
import { manifestSchema } from '../../../contract/manifest.ts';
import { rowSchema } from '../../../contract/row.ts';
import { targetLineSchema } from '../../../contract/target.ts';
import { toRow } from '../../../export/parts/row.ts';
import { TABLES } from '../../../sql/tables.ts';
import { VIEWS } from '../../../sql/views.ts';
import { type GlueTable, INSTANCES, synthesize } from './synthesized.ts';

const { table, template, catalog } = synthesize();

const names = (columns: GlueTable['PartitionKeys']) => columns.map(({ Name }) => Name);

const written = toRow(
  {
    instanceId: INSTANCES[0] ?? '',
    snapshotDate: '2026-11-23',
    region: 'us-east-1',
    runId: 'run',
    userDetails: 'names',
  },
  { id: 'user', username: 'name' },
  { proficiencies: [] },
  new Date(0),
);

const DATED = ['instance_id', 'snapshot_date'];

describe.each([
  ['user_proficiencies', DATED, Object.keys(written)],
  ['user_proficiencies', DATED, Object.keys(rowSchema.shape)],
  ['export_runs', DATED, Object.keys(manifestSchema.shape)],
  ['latest_user_proficiencies', ['instance_id'], Object.keys(rowSchema.shape)],
  ['snapshot_changes', DATED, Object.keys(changeSchema.shape)],
  ['coverage_targets', [], Object.keys(targetLineSchema.shape)],
  ['predefined_attributes', DATED, Object.keys(attributeSchema.shape)],
])('%s', (name, partitions, keysOfLine) => {
  const of = table(name);

  it('has a column for every key of a line, in the same order, and no other', () => {
    const fromPath = keysOfLine.filter((key) => !partitions.includes(key));
    expect(names(of.StorageDescriptor.Columns)).toEqual(fromPath);
  });

  it('takes what the path says from the path, and from there alone', () => {
    expect(names(of.PartitionKeys)).toEqual(partitions);
  });

  it('is read by the Hive JSON SerDe', () => {
    expect(of.TableType).toBe('EXTERNAL_TABLE');
    expect(of.StorageDescriptor.SerdeInfo.SerializationLibrary).toBe(
      'org.apache.hive.hcatalog.data.JsonSerDe',
    );
  });
});

it('every column of a table or view says what it means, in the length that Glue takes', () => {
  const tables = template.findResources('AWS::Glue::Table');
  for (const name of Object.values(tables).map(({ Properties }) => Properties.TableInput.Name)) {
    for (const column of [...table(name).PartitionKeys, ...table(name).StorageDescriptor.Columns]) {
      expect(column.Comment).toMatch(/^[^\n]{2,255}$/);
    }
  }
});

it.each(VIEWS.map(({ name }) => name))('%s is a view to Trino as well as to Athena', (name) => {
  const { Description, Owner, Parameters } = table(name);
  // Trino takes a description for the comment, and knows a view by the comment.
  expect(Description ?? Parameters.comment).toBe('Presto View');
  expect(Owner).toBe('hadoop');
});

it.each(TABLES)('the columns of $name are those of the contract', ({ name, columns }) => {
  const { PartitionKeys, StorageDescriptor } = table(name);
  const types = [...PartitionKeys, ...StorageDescriptor.Columns].map(({ Name, Type }) => [
    Name,
    Type,
  ]);
  expect(Object.fromEntries(types)).toEqual(
    Object.fromEntries(Object.entries(columns).map(([column, { type }]) => [column, type])),
  );
});

it('everything lies in the database', () => {
  template.hasResourceProperties('AWS::Glue::Database', {
    DatabaseInput: { Name: catalog.databaseName },
  });
  template.allResourcesProperties('AWS::Glue::Table', { DatabaseName: catalog.databaseName });
});
