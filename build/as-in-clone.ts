import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Modules find the files beside them, such as queries, by `new URL(…, import.meta.url)`. Once a module lies in a bundle, it is
 * taught the address that it would have if the package were laid out as the clone is.
 *
 * @param root the clone
 * @param up from the folder of the bundle to that of the package: `./` or `../`
 */
export const asInClone = (root: string, up: './' | '../'): Plugin => ({
  name: 'as-in-clone',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const place = relative(root, path).split(sep).join('/').replace(/\.ts$/, '.js');
      if (place.startsWith('node_modules/')) return undefined;
      return {
        loader: 'ts',
        contents: readFileSync(path, 'utf8').replaceAll(
          ', import.meta.url)',
          `, new URL(${JSON.stringify(up + place)}, import.meta.url))`,
        ),
      };
    });
  },
});
