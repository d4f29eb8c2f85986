import { drawChart } from '../../bench/chart.ts';
import { check } from '../../bench/promises.ts';
import { promiseList, resultTable } from '../../bench/table.ts';
import { results, score } from './scores.ts';

describe('the chart', () => {
  it('has a panel for each thing that was measured', () => {
    const svg = drawChart(results());
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>$/);
    for (const title of [
      'Users lost, of 100',
      'Calls throttled, per 100 good ones',
      'Giving way to a neighbour at 20/s: calls per second',
      'After a minute of refusals: calls per second',
    ]) {
      expect(svg).toContain(title);
    }
  });

  it('does without what a quick run leaves out', () => {
    const { growingNeighbour: _, storm: __, ...quick } = results();
    expect(drawChart(quick)).not.toContain('Giving way');
  });
});

describe('the table', () => {
  it('shows time against the ideal, or users per second where there is none', () => {
    const table = resultTable(results());
    expect(table).toMatch(/20\/s, burst 25 .* ours .* 0 of 2025 .* 0\.0 .* 1\.000 .* 0\.0 % /);
    expect(table).toMatch(/no quota .* ours .* 1841 users\/s/);
    expect(table).toContain(
      'Derived data of 50000 users, 1000 changed: 3.0 s, 2.0 s of processor time (2.0 × reading both snapshots), 200 MB.',
    );
    expect(table).toMatch(/coverage-matrix .* 2\.2 .* 1\.10 .* 180 /);
    expect(table).toMatch(/1\.25 × its two SDK clients alone/);
    expect(table).toContain(
      '--help 90 ms, first line of export 190 ms, its second, by when Connect was asked, 480 ms of processor time (node -e 0: 40 ms)',
    );
  });

  it('shows no time of work that was not done', () => {
    const table = resultTable(
      results({ lines: [{ score: score({ exported: 600 }) }], memory: [] }),
    );
    expect(table).toMatch(/1425 of 2025 .* – /);
  });

  it('says of every promise whether it was kept', () => {
    expect(promiseList(check(results({ memory: [score({ peakMb: 999 })] })))).toMatch(
      /^kept {4}users lost[\s\S]*\nBROKEN {2}2025 users in 300 MB, flat: 999 MB/,
    );
  });
});
