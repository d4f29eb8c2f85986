import {
  InvalidAnswer,
  onwardPages,
  proficienciesOf,
  usersOf,
} from '../../../lambda/connect/answers.ts';

describe('half of a surrogate pair', () => {
  it.each([
    ['high', 'Night shift \ud83c', 'Night shift \ufffd'],
    ['low', '\udf19 shift', '\ufffd shift'],
    ['and a whole pair', '\ud83c\udf19\ud83c', '\ud83c\udf19\ufffd'],
  ])('is replaced in every text: %s', (_, half, whole) => {
    expect(usersOf({ UserSummaryList: [{ Id: 'u', Username: half }] })).toEqual([
      { id: 'u', username: whole },
    ]);
    expect(
      proficienciesOf({
        UserProficiencyList: [{ AttributeName: half, AttributeValue: half, Level: 3 }],
        LastModifiedRegion: half,
      }),
    ).toEqual({
      proficiencies: [{ attribute_name: whole, attribute_value: whole, level: 3 }],
      modified: { modifiedRegion: whole },
    });
  });

  it('in an id is refused: a replaced one would name another user', () => {
    expect(() => usersOf({ UserSummaryList: [{ Id: 'u\ud83c' }] })).toThrow(InvalidAnswer);
  });
});

it.each([
  ['far ahead', new Date(253_402_300_800_000)],
  ['before the year 0', new Date(-99_999_999_999_000)],
])('refuses a time that no reader understands: %s', (_, LastModifiedTime) => {
  expect(() => usersOf({ UserSummaryList: [{ Id: 'u', LastModifiedTime }] })).toThrow(
    /^UserSummaryList\.0\.LastModifiedTime: its year is not one of four digits$/,
  );
  expect(() => proficienciesOf({ LastModifiedTime })).toThrow(InvalidAnswer);
});

it.each([5, {}, ['two']])('refuses a token that is no text: %j', (NextToken) => {
  expect(() => onwardPages()({ NextToken })).toThrow(/^NextToken: /);
});

it.each([undefined, null, ''])('takes no token for the end: %j', (NextToken) => {
  expect(onwardPages()({ NextToken })).toBeUndefined();
});
