import type { Requests } from './manifest.ts';

/**
 * Service Quotas' codes of "Rate of ListUsers API requests" and "Rate of ListUserProficiencies API
 * requests": the worker asks for them, its role permits it. Source: Amazon Connect Administrator Guide,
 * "Amazon Connect API throttling quotas".
 */
export const QUOTA_CODES: Readonly<Record<keyof Requests, string>> = {
  list_users: 'L-CCC38177',
  list_user_proficiencies: 'L-A59C54EE',
};
