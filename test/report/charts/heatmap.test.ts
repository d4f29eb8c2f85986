import fc from 'fast-check';
import { drawHeatmap, heatScale, heatStep, stepLabel } from '../../../report/charts/heatmap.ts';
import { HEAT, heatColour } from '../../../report/palette.ts';

describe('the scale of heat', () => {
  const most = fc.integer({ min: 1, max: 10_000_000 });

  const steps = fc.integer({ min: 1, max: 9 });

  it('has no more steps than asked for, rising from one agent alone, none of them empty', () => {
    fc.assert(
      fc.property(most, steps, (agents, wanted) => {
        const scale = heatScale(agents, wanted);
        expect(scale[0]).toBe(1);
        expect(scale.length).toBeLessThanOrEqual(wanted);
        expect(scale).toEqual([...new Set(scale)].toSorted((a, b) => a - b));
        expect(heatStep(scale, agents)).toBe(scale.length);
        expect(heatStep(scale, 0)).toBe(0);
      }),
    );
  });

  it.each([
    [1, ['1']],
    [2, ['1', '2+']],
    [5, ['1', '2+']],
    [34, ['1', '2–4', '5–9', '10+']],
    [87, ['1', '2–4', '5–9', '10–19', '20+']],
    [3290, ['1', '2–9', '10–49', '50–499', '500+']],
    [1_000_000, ['1', '2–49', '50–999', '1,000–19,999', '20,000+']],
  ])('in five steps for at most %i agents is labelled %j', (agents, labels) => {
    const scale = heatScale(agents, 5);
    expect(scale.map((_, index) => stepLabel(scale, index))).toEqual(labels);
  });
});

it('paints each step in its own colour', () => {
  const scale = heatScale(10_000_000);
  expect(scale).toHaveLength(HEAT.length);
  const picture = drawHeatmap({
    rows: scale.map((agents) => ({ label: String(agents), agents: [agents, 0, 0, 0, 0] })),
    scale,
    description: 'one row for each step',
  }).markup;
  const painted = [...picture.matchAll(/fill="(var\(--heat-\d+\))"/g)].map(([, fill]) => fill);
  expect(painted).toEqual(HEAT.map((_, index) => heatColour(index + 1)));
});
