/**
 * An export that kills its own process; bundled and run by crash-matrix.test.ts.
 *
 * Arguments: the instance id, the folder, the number of the write, `before` or `after` it.
 */

import { exportInstance } from '../../../cli/export/export-instance.ts';
import { folderStore } from '../../../cli/store/folder-store.ts';
import type { Store } from '../../../export/ports.ts';
import { hurriedClock } from '../../support/hurried-clock.ts';

const [instanceId = '', folder = '', write = '', when = ''] = process.argv.slice(2);

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

function doomed(store: Store): Store {
  let writes = 0;
  return {
    ...store,
    async put(key, body, condition) {
      writes++;
      const isTheOne = writes === Number(write);
      if (isTheOne && when === 'before') await die();
      const info = await store.put(key, body, condition);
      if (isTheOne) await die();
      return info;
    },
  };
}

await exportInstance(
  {
    instanceId,
    requestsPerSecond: 100_000,
    timeZone: 'UTC',
    allowedFailedUsers: 0,
    usernames: true,
    userDetails: 'teams',
    predefinedAttributes: true,
  },
  doomed(folderStore(folder)),
  hurriedClock(),
);
