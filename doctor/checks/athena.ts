import type { AthenaClient } from '@aws-sdk/client-athena';
import { type Outcome, type Place, runStatement } from '../../aws/deployment/athena.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { quoted } from '../../lambda/aws-fault.ts';
import { SAVED_QUERIES } from '../../sql/saved-queries.ts';
import { VIEWS } from '../../sql/views.ts';
import { type Check, type Finding, failed, inRunbook, notAsked, ok } from '../check.ts';
import { GIVING_ACCESS, isOfLakeFormation } from '../unanswered.ts';

/** Where the question is asked, and what the answer should be. */
export interface Catalogue {
  readonly workgroup: string | undefined;
  readonly database: string;
  /** One snapshot: its partition alone is read. */
  readonly newest: Manifest;
}

/** A statement, and the number that should be its answer; `undefined` where any will do. */
interface Statement {
  readonly of: string;
  readonly sql: string;
  readonly expected?: number;
}

/** It reads the newest snapshot alone. */
const SAVED_QUERY = 'coverage-matrix';

function statements({ instance_id, snapshot_date, snapshot, ...counts }: Manifest): Statement[] {
  const count = (of: string, expected?: number): Statement => ({
    of,
    sql: `SELECT count(*) FROM ${of} WHERE instance_id = '${instance_id}' AND snapshot_date = DATE '${snapshot_date}'`,
    ...(expected !== undefined && { expected }),
  });
  // A line for each proficiency, and one for a user without any.
  const lines = counts.proficiencies + counts.users_without_proficiencies;
  const expected: Readonly<Record<string, number>> = {
    proficiencies_flat: lines,
    latest_proficiencies: lines,
  };
  return [
    count('user_proficiencies', snapshot.rows),
    ...VIEWS.map(({ name }) => count(name, expected[name])),
    ...SAVED_QUERIES.filter(({ name }) => name === SAVED_QUERY).map(({ name, sql }) => ({
      of: `the saved query ${name}`,
      sql,
    })),
  ];
}

function flaw({ of, expected }: Statement, { failure, value }: Outcome): Finding[] {
  if (failure !== undefined) {
    const isGoverned = isOfLakeFormation({ reason: failure });
    return [
      failed(
        `Athena could not read ${of}${isGoverned ? ', for AWS Lake Formation' : ''} (${quoted({ reason: failure }, 'Athena')})`,
        isGoverned
          ? GIVING_ACCESS
          : 'act on what Athena says; npx cdk deploy makes tables and views again',
      ),
    ];
  }
  return expected === undefined || Number(value) === expected
    ? []
    : [
        failed(
          `Athena finds ${value ?? 'no'} lines in ${of}, where the manifest of the newest snapshot says ${expected}`,
          inRunbook('Publish again'),
        ),
      ];
}

/** Asks Athena one real question of each view, of a table and of a saved query. */
export const athenaCheck = (client: AthenaClient, pause: Place['pause']): Check<Catalogue> => ({
  id: 'athena',
  about: 'Athena',
  calls: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'],
  seconds: 120,
  async run({ workgroup, database, newest }, signal) {
    if (workgroup === undefined) {
      return { findings: [notAsked('Athena: the stack has no workgroup')] };
    }
    const place = { client, workgroup, database, pause };
    const asked = statements(newest);
    const outcomes = await Promise.all(asked.map(({ sql }) => runStatement(place, sql, signal)));
    const flaws = outcomes.flatMap((outcome, index) => {
      const statement = asked[index];
      return statement === undefined ? [] : flaw(statement, outcome);
    });
    const bytes = outcomes.reduce((sum, { bytesScanned }) => sum + bytesScanned, 0);
    const all = `${VIEWS.length} views, user_proficiencies and the saved query ${SAVED_QUERY}`;
    return {
      findings:
        flaws.length > 0
          ? flaws
          : [ok(`Athena answers for ${all} as the manifest says; ${bytes} bytes scanned`)],
    };
  },
});
