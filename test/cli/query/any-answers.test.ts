import fc from 'fast-check';
import { openSnapshots } from '../../../cli/query/snapshots.ts';
import { writeTargets, writeWorld } from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { unordered } from './expected/lines.ts';
import { QUESTIONS, VIEW_LINES } from './expected/questions.ts';
import { KNOWN_TARGETS } from './known-world.ts';
import { randomWorld } from './random-world.ts';

const newFolder = temporaryFolders();

it('over any snapshots, views and saved queries answer what is worked out without SQL', async () => {
  await fc.assert(
    fc.asyncProperty(randomWorld, async (world) => {
      const folder = newFolder();
      writeWorld(folder, world);
      writeTargets(folder, KNOWN_TARGETS);
      const snapshots = await openSnapshots(folder);
      try {
        for (const [view, answer] of VIEW_LINES) {
          const { rows } = await snapshots.run(`SELECT * FROM ${view}`);
          expect(unordered(rows)).toEqual(unordered(answer(world)));
        }
        for (const [name, given, answer] of QUESTIONS) {
          const { rows } = await snapshots.run(name, given);
          expect([name, rows]).toEqual([name, answer(world)]);
        }
      } finally {
        snapshots.close();
      }
    }),
    { numRuns: 8 },
  );
});
