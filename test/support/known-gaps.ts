/**
 * Declares a test of behaviour that an emulator may be known to lack. There the test must fail, and
 * goes red when the gap is mended.
 */
export const testUnlessGap =
  <Gap extends string>(gaps: readonly Gap[]) =>
  (gap: Gap, title: string, behaves: () => Promise<void>): void => {
    if (gaps.includes(gap)) test.failing(`KNOWN GAP, so this fails: ${title}`, behaves);
    else test(title, behaves);
  };
