import { App } from 'aws-cdk-lib';
import { ConfigurationError } from '../lib/settings/configuration-error.ts';
import { addExporter } from '../lib/stack.ts';

try {
  // The CDK would synthesize by itself when the process ends: half an app too, and complain of what it lacks.
  const app = new App({ autoSynth: false });
  // The CDK's command line finds the Region out and passes it on by this variable.
  addExporter(app, process.env.CDK_DEFAULT_REGION);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // For a person at a prompt: the sentences, without a stack trace.
  console.error(error.message);
  process.exitCode = 1;
}
