import { type DeployedStack, deployedStack } from '../../support/deployed-answers.ts';

/** The tables and views of the template of 0.1.0 for the same instance: their logical ids and names. */
const DEPLOYED_BY_0_1_0 = [
  ['ExporterCatalogUserProficienciesA2371FD8', 'user_proficiencies'],
  ['ExporterCatalogExportRuns621841A2', 'export_runs'],
  ['ExporterCatalogproficienciesflatE64062BA', 'proficiencies_flat'],
  ['ExporterCataloglatestproficienciesBB5F766B', 'latest_proficiencies'],
  ['ExporterCatalogproficiencychangesD1E254A8', 'proficiency_changes'],
] as const;

const DATABASE_OF_0_1_0 = 'connectproficiencyexporter_catalog_4c9798f8';

let stack: DeployedStack;

beforeAll(async () => {
  stack = await deployedStack();
});

/**
 * CloudFormation replaces a table if its logical id, type, catalog, database or name changes, and updates it in place
 * if anything else of its TableInput does, such as description and owner (CloudFormation Template Reference,
 * "AWS::Glue::Table").
 */
it.each(DEPLOYED_BY_0_1_0)('%s, deployed by 0.1.0, is updated in place', (logicalId, name) => {
  expect(stack.Resources[logicalId]).toEqual({
    Type: 'AWS::Glue::Table',
    Properties: {
      CatalogId: { Ref: 'AWS::AccountId' },
      DatabaseName: DATABASE_OF_0_1_0,
      TableInput: expect.objectContaining({ Name: name }),
    },
  });
});
