import { setMaxListeners } from 'node:events';

/**
 * Does work under a signal of its own that follows a common one.
 *
 * The SDK listens to a request's signal in several places, and to add a listener Node walks all there are. All users of a
 * slice share its signal: with a hundred in flight that would cost more than the checking of their answers.
 */
export async function withOwnSignal<T>(
  common: AbortSignal,
  work: (own: AbortSignal) => Promise<T>,
): Promise<T> {
  common.throwIfAborted();
  const own = new AbortController();
  const follow = () => own.abort(common.reason);
  // Node warns of more than ten listeners.
  setMaxListeners(0, common);
  common.addEventListener('abort', follow, { once: true });
  try {
    return await work(own.signal);
  } finally {
    common.removeEventListener('abort', follow);
  }
}
