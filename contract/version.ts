// Named, not `with { type: 'json' }`: esbuild then bundles the version alone. With all of package.json in
// the worker, a new version of a tool would deploy it again.
import { version } from '../package.json';

/** The version of this software, as manifests tell it. */
export const EXPORTER_VERSION: string = version;
