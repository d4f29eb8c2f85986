/** Where a command writes to. */
type Output = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exit'>;

const isClosedPipe = (error: NodeJS.ErrnoException): boolean => error.code === 'EPIPE';

/**
 * Bears a reader that has enough, as `head` does: what is written then is lost, and the command goes on to its own
 * end, because an export must not stop with its reader. Any other trouble ends the process with a sentence.
 */
export function bearBrokenOutput({ stdout, stderr, exit }: Output): void {
  stdout.on('error', (error) => {
    if (isClosedPipe(error)) return;
    stderr.write(
      `Standard output cannot be written to (${error.message}): free some space, or write to another place.\n`,
    );
    exit(1);
  });
  // Nobody is left to be told.
  stderr.on('error', () => undefined);
}
