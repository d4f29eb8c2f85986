import { MANIFEST_COLUMNS, manifestSchema } from '../../../contract/manifest.ts';
import { ROW_COLUMNS, rowSchema } from '../../../contract/row.ts';
import { toRow } from '../../../export/parts/row.ts';
import { VIEWS } from '../../../sql/views.ts';
import { type GlueTable, INSTANCES, synthesize } from './synthesized.ts';

const { table, template, catalog } = synthesize();
const users = table('user_proficiencies');
const runs = table('export_runs');
const PARTITIONS = ['instance_id', 'snapshot_date'];

const names = (columns: GlueTable['PartitionKeys']) => columns.map(({ Name }) => Name);

const written = toRow(
  {
    instanceId: INSTANCES[0] ?? '',
    snapshotDate: '2026-11-23',
    region: 'us-east-1',
    runId: 'run',
  },
  { id: 'user', username: 'name' },
  { proficiencies: [] },
  new Date(0),
);

describe.each([
  ['user_proficiencies', users, Object.keys(written)],
  ['user_proficiencies', users, Object.keys(rowSchema.shape)],
  ['export_runs', runs, Object.keys(manifestSchema.shape)],
])('%s', (_, of, keysOfLine) => {
  it('has a column for every key of a line, in the same order, and no other', () => {
    const fromPath = keysOfLine.filter((key) => !PARTITIONS.includes(key));
    expect(names(of.StorageDescriptor.Columns)).toEqual(fromPath);
  });

  it('takes instance and date from the path, and from there alone', () => {
    expect(names(of.PartitionKeys)).toEqual(PARTITIONS);
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

it('the columns of the contract are those of the tables', () => {
  const typesOf = (of: GlueTable) =>
    Object.fromEntries(
      [...of.PartitionKeys, ...of.StorageDescriptor.Columns].map(({ Name, Type }) => [Name, Type]),
    );
  for (const [name, { type }] of Object.entries(ROW_COLUMNS))
    expect(typesOf(users)[name]).toBe(type);
  for (const [name, { type }] of Object.entries(MANIFEST_COLUMNS))
    expect(typesOf(runs)[name]).toBe(type);
});

it('everything lies in the database', () => {
  template.hasResourceProperties('AWS::Glue::Database', {
    DatabaseInput: { Name: catalog.databaseName },
  });
  template.allResourcesProperties('AWS::Glue::Table', { DatabaseName: catalog.databaseName });
});
