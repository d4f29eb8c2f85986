/**
 * An exporter for an app of the AWS CDK.
 *
 * @packageDocumentation
 */
export type { CatalogNames } from '../lib/catalog/catalog.ts';
export type {
  ExporterExpressionOptions,
  ExporterMetricOptions,
  OfInstance,
} from '../lib/monitoring/metrics.ts';
export { ProficiencyExporter } from '../lib/proficiency-exporter.ts';
export type { ProficiencyExporterProps } from '../lib/proficiency-exporter-props.ts';
export { ConfigurationError } from '../lib/settings/configuration-error.ts';
export type { ExporterSettingsProps } from '../lib/settings/exporter-settings-props.ts';
