import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readConfiguration } from './settings/context.ts';
import { ExporterStack } from './stack.ts';

/**
 * Adds the stack that the app's context asks for, to be checked by cdk-nag at every synth.
 *
 * @throws ConfigurationError
 */
export function addExporter(app: App): ExporterStack {
  const stack = new ExporterStack(app, readConfiguration(app.node.getAllContext()));
  Tags.of(stack).add('application', 'connect-proficiency-exporter', {
    // Tags of dashboards are too new for some Regions, and for cfn-lint.
    excludeResourceTypes: ['AWS::CloudWatch::Dashboard'],
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return stack;
}
