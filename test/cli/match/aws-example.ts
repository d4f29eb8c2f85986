import type { Proficiency } from '../../../contract/row.ts';
import { rowOf } from '../../support/published-world.ts';

export const INSTANCE = '11111111-1111-4111-8111-111111111111';

const skill = (attribute_name: string, attribute_value: string, level: number): Proficiency => ({
  attribute_name,
  attribute_value,
  level,
});

/** A row with the columns of an agent's team. */
const agent = (
  id: string,
  routing_profile_name: string | null,
  hierarchy: readonly string[] | null,
  proficiencies: readonly Proficiency[],
) => ({
  ...rowOf(INSTANCE, '2026-11-23', { id, username: id, proficiencies }),
  user_id:
    id === 'Agent1'
      ? '7f41a1a6-f7c3-4f5d-b52b-3333c432f9bb'
      : 'b15adbb8-e5e3-49ab-82bc-831aa6aaeca9',
  routing_profile_name,
  hierarchy,
});

/**
 * The agents of https://docs.aws.amazon.com/connect/latest/adminguide/proficiency-routing.html, whose table calls the value "AWS Dynamo DB"
 * where its criteria call it "AWS DynamoDB".
 */
export const AGENTS = [
  agent(
    'Agent1',
    'General',
    ['EMEA', 'Paris'],
    [
      skill('Technology', 'AWS Kinesis', 2),
      skill('Technology', 'AWS DynamoDB', 5),
      skill('Technology', 'AWS EC2', 4),
      skill('Language', 'French', 3),
      skill('Language', 'English', 4),
    ],
  ),
  agent(
    'Agent2',
    'General',
    ['EMEA', 'Lyon'],
    [
      skill('Technology', 'AWS DynamoDB', 3),
      skill('Technology', 'AWS EC2', 5),
      skill('Technology', 'AWS Neptune', 5),
      skill('Language', 'French', 4),
      skill('Language', 'English', 3),
    ],
  ),
];
