import type { ListUserProficienciesCommandInput } from '@aws-sdk/client-connect';
import { OPERATIONS } from '../../contract/operations.ts';
import type { Proficiency } from '../../contract/row.ts';
import type { UserProficiencies } from '../../export/ports.ts';
import { InvalidAnswer, onwardPages, proficienciesOf } from './answers.ts';

/** Sends one request of ListUserProficiencies. */
export type ProficiencyRequest = (input: ListUserProficienciesCommandInput) => Promise<unknown>;

/** Of one user, whom Connect allows ten proficiencies by default: enough, even if each page has only one. */
const MOST_PAGES = 1_000;

const endless = (): InvalidAnswer =>
  new InvalidAnswer(`NextToken: more than ${MOST_PAGES} pages, so they would never end`);

/**
 * All that Connect tells of one user's proficiencies, page after page.
 *
 * @throws InvalidAnswer
 */
export async function allPages(
  request: ProficiencyRequest,
  user: ListUserProficienciesCommandInput,
): Promise<UserProficiencies> {
  const MaxResults = OPERATIONS.list_user_proficiencies.largestPage;
  const proficiencies: Proficiency[] = [];
  const onward = onwardPages();
  let modified = {};
  let NextToken: string | undefined;
  let pages = 0;
  do {
    const page = await request({ ...user, MaxResults, NextToken });
    const answer = proficienciesOf(page);
    proficiencies.push(...answer.proficiencies);
    modified = { ...modified, ...answer.modified };
    NextToken = onward(page);
    if (++pages > MOST_PAGES) throw endless();
  } while (NextToken);
  return { proficiencies, ...modified };
}
