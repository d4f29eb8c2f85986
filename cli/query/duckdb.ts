import { ExportFailure } from '../../contract/failure.ts';

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
    const [firstLine] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ExportFailure(
      'InvalidRequest',
      `query and report need DuckDB, which cannot be loaded on ${process.platform}-${process.arch} (${firstLine}): install it by npm ci --include=optional, or use Linux, macOS or Windows on x64 or arm64.`,
      { cause: error },
    );
  }
}
