import { once } from 'node:events';

/** Small pieces are written together: a call of the operating system for each would take longer than all the rest. */
const AT_ONCE = 65_536;

/**
 * Writes pieces of text as fast as they are read. Ends early where nobody reads them any more, which is told
 * to whoever listens for the output's errors.
 */
export async function print(
  pieces: Iterable<string>,
  output: NodeJS.WritableStream & { readonly destroyed?: boolean },
): Promise<void> {
  let text = '';
  const write = async () => {
    const ready = output.write(text) || output.destroyed;
    text = '';
    if (!ready) await once(output, 'drain').catch(() => undefined);
  };
  for (const piece of pieces) {
    text += piece;
    if (text.length >= AT_ONCE) await write();
    if (output.destroyed) return;
  }
  if (text !== '') await write();
}
