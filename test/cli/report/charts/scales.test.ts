import fc from 'fast-check';
import { cutTo } from '../../../../cli/report/charts/cut.ts';
import { heatScale, heatStep, stepLabel } from '../../../../cli/report/charts/heat.ts';

describe('the scale of heat', () => {
  const most = fc.integer({ min: 1, max: 10_000_000 });

  it('has at most five steps, rising from one agent alone, none of them empty', () => {
    fc.assert(
      fc.property(most, (agents) => {
        const scale = heatScale(agents);
        expect(scale[0]).toBe(1);
        expect(scale.length).toBeLessThanOrEqual(5);
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
  ])('for at most %i agents is labelled %j', (agents, labels) => {
    const scale = heatScale(agents);
    expect(scale.map((_, index) => stepLabel(scale, index))).toEqual(labels);
  });
});

describe('cutting', () => {
  it('keeps what there is room for', () => {
    expect(cutTo('Data protection 2026', 12.5)).toBe('Data protection 2026');
    expect(cutTo('x'.repeat(100), 12)).toBe(`${'x'.repeat(16)}…`);
    expect(cutTo('two\nlines\u2028here', 20)).toBe('two lines here');
    expect(cutTo('👩‍💻👩‍💻👩‍💻👩‍💻', 3.7)).toBe('👩‍💻👩‍💻…');
  });

  it('keeps a beginning of whole graphemes, and says where it cut', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.double({ min: 2, max: 20, noNaN: true }), (name, room) => {
        const cut = cutTo(name, room);
        const whole = cutTo(name, Number.POSITIVE_INFINITY);
        if (cut === whole) return;
        expect(cut.endsWith('…')).toBe(true);
        expect(whole.startsWith(cut.slice(0, -1))).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(whole.length);
      }),
    );
  });
});
