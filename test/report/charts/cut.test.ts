import fc from 'fast-check';
import { cutTo } from '../../../report/charts/cut.ts';

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
