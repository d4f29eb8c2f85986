import fc from 'fast-check';
import { readFacts } from '../../../cli/report/read-facts.ts';
import { randomWorld } from '../query/random-world.ts';
import { expectTheQueriesNumbers, folderOf } from './queries-numbers.ts';

it('the facts are the numbers of the saved queries over any snapshots', async () => {
  const published = randomWorld.filter((world) =>
    Object.values(world).some((all) => all.some((snapshot) => snapshot.published !== false)),
  );
  await fc.assert(
    fc.asyncProperty(published, async (world) => {
      for (const facts of await readFacts(folderOf(world), {}))
        await expectTheQueriesNumbers(world, facts);
    }),
    { numRuns: 4 },
  );
});
