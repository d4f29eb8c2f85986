import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { withOwnSignal } from '../../../lambda/connect/own-signal.ts';

const reason = new Error('the slice is over');

describe('a signal of its own', () => {
  it('follows the common one while the work lasts, and no longer', async () => {
    const common = new AbortController();
    let own: AbortSignal | undefined;
    await withOwnSignal(common.signal, async (signal) => {
      own = signal;
    });
    common.abort(reason);
    expect(own?.aborted).toBe(false);
  });

  it('passes on the reason', async () => {
    const common = new AbortController();
    const working = withOwnSignal(
      common.signal,
      (own) =>
        new Promise((_, reject) => {
          own.addEventListener('abort', () => reject(own.reason));
        }),
    );
    common.abort(reason);
    await expect(working).rejects.toBe(reason);
  });

  it('is not even made of one that is aborted', async () => {
    const work = jest.fn();
    await expect(withOwnSignal(AbortSignal.abort(reason), work)).rejects.toBe(reason);
    expect(work).not.toHaveBeenCalled();
  });

  it('may be made for a hundred users at a time without a warning of Node', async () => {
    const program = `
      import { withOwnSignal } from './lambda/connect/own-signal.ts';
      const { signal } = new AbortController();
      for (let user = 0; user < 100; user++) void withOwnSignal(signal, () => new Promise(() => {}));
    `;
    const words = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const { stderr } = await promisify(execFile)(process.execPath, words);
    expect(stderr).toBe('');
  });
});
