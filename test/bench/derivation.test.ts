import { bundle } from '../../bench/bundle.ts';
import { measureDerivation } from '../../bench/derivation.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

describe('the measurement of a derivation', () => {
  const folder = temporaryFolders();

  it('derives two percent of changes in a process of its own, as often as planned', async () => {
    const program = await bundle('bench/derivation-process.ts', folder(), 'derivation');
    const measured = await measureDerivation(program, { users: 5_000, turns: 2 });
    expect(measured.changedUsers / measured.users).toBeCloseTo(0.02, 2);
    expect(measured.usersTold).toBe(measured.changedUsers);
    expect(measured.turns).toHaveLength(2);
    for (const { reading, deriving } of measured.turns) {
      expect(reading.cpuSeconds).toBeGreaterThan(0);
      expect(deriving.peakMb).toBeGreaterThan(deriving.startMb);
    }
  });
});
