import { ExportFailure } from '../../contract/failure.ts';
import { verifySpan } from '../../verify/verify-span.ts';
import { folderStore } from '../store/folder-store.ts';
import type { Answer, Question } from './processes.ts';

/* Started by processes.ts, beside which it must lie. */

const say = (answer: Answer): void => {
  process.send?.(answer);
};

async function answer({ folder, now, span }: Question): Promise<void> {
  try {
    for await (const verdict of verifySpan(folderStore(folder), now, span)) {
      say({ kind: 'verdict', verdict });
    }
    say({ kind: 'end' });
  } catch (error) {
    if (!(error instanceof ExportFailure)) say({ kind: 'error', error });
    else say({ kind: 'failure', name: error.name, message: error.message });
  }
}

process.on('message', (question: Question) => void answer(question));
// Nobody is left to answer to.
process.on('disconnect', () => process.exit());
