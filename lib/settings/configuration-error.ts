/** What is wrong with what a person has configured: one sentence a line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}
