/** What the stack is called where the settings give no other name (docs/configuration.md, `stackName`). */
export const DEFAULT_STACK = 'ConnectProficiencyExporter';
