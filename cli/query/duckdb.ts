import { COMMAND_NAME } from '../../contract/command-name.ts';
import { ExportFailure } from '../../contract/failure.ts';

const NAME = '@duckdb/node-api';

/** Whether it is the package itself that is not there: it is an optional peer of ours, for those who query. */
const isNotInstalled = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  error.message.includes(`'${NAME}'`);

function reason(error: unknown): string {
  if (isNotInstalled(error)) {
    return `which is not installed: install it beside ${COMMAND_NAME} with npm install ${NAME}.`;
  }
  const [firstLine] = (error instanceof Error ? error.message : String(error)).split('\n');
  return `which cannot be loaded on ${process.platform}-${process.arch} (${firstLine}): install it with npm install --include=optional, or use Linux, macOS or Windows on x64 or arm64.`;
}

/**
 * Makes sure that DuckDB can be loaded. Its native part is an optional dependency that not every platform has:
 * only what asks DuckDB loads it, so that everything else works without.
 *
 * @throws ExportFailure InvalidRequest where it cannot
 */
export async function requireDuckDb(): Promise<void> {
  try {
    await import('@duckdb/node-api');
  } catch (error) {
    throw new ExportFailure('InvalidRequest', `query and report need DuckDB, ${reason(error)}`, {
      cause: error,
    });
  }
}
