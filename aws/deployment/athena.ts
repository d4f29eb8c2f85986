import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { ask } from '../ask.ts';

/** Where a statement is run. */
export interface Place {
  readonly client: AthenaClient;
  readonly workgroup: string;
  readonly database: string;
  /** Waits; rejects where the signal aborts. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** What became of a statement. */
export interface Outcome {
  /** Why it failed, in Athena's words; absent where it succeeded. */
  readonly failure?: string;
  /** The first column of the first row; absent where there is none. */
  readonly value?: string;
  readonly bytesScanned: number;
}

/** Athena takes a second or two for the smallest question. */
const POLL_MS = 500;

async function end(
  { client, pause }: Place,
  QueryExecutionId: string | undefined,
  signal: AbortSignal,
): Promise<QueryExecution | undefined> {
  const command = new GetQueryExecutionCommand({ QueryExecutionId });
  for (;;) {
    const { QueryExecution: execution } = await ask(
      'athena:GetQueryExecution',
      client.send(command, { abortSignal: signal }),
    );
    const state = execution?.Status?.State;
    if (state !== 'QUEUED' && state !== 'RUNNING') return execution;
    await pause(POLL_MS, signal);
  }
}

/** Runs a statement to its end. @throws Unanswered */
export async function runStatement(
  place: Place,
  sql: string,
  abortSignal: AbortSignal,
): Promise<Outcome> {
  const { client, workgroup, database } = place;
  const command = new StartQueryExecutionCommand({
    QueryString: sql,
    WorkGroup: workgroup,
    QueryExecutionContext: { Database: database },
  });
  const { QueryExecutionId } = await ask(
    'athena:StartQueryExecution',
    client.send(command, { abortSignal }),
  );
  const execution = await end(place, QueryExecutionId, abortSignal);
  const bytesScanned = execution?.Statistics?.DataScannedInBytes ?? 0;
  if (execution?.Status?.State !== 'SUCCEEDED') {
    const { AthenaError, StateChangeReason, State } = execution?.Status ?? {};
    return {
      failure: AthenaError?.ErrorMessage ?? StateChangeReason ?? State ?? 'nothing',
      bytesScanned,
    };
  }
  const { ResultSet } = await ask(
    'athena:GetQueryResults',
    // The first row holds the names of the columns.
    client.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2 }), { abortSignal }),
  );
  const value = ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue;
  return { bytesScanned, ...(value !== undefined && { value }) };
}
