/** The version of this software, as manifests tell it; equal to the one in package.json. */
export const EXPORTER_VERSION = '0.1.0';
