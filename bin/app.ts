import { App } from 'aws-cdk-lib';
import { ConfigurationError } from '../lib/settings/configuration-error.ts';
import { addExporter } from '../lib/stack.ts';

try {
  addExporter(new App());
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // For a person at a prompt: the sentences, without a stack trace.
  console.error(error.message);
  process.exitCode = 1;
}
