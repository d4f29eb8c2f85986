import { InvalidAnswer, proficienciesOf, usersOf } from '../../../lambda/connect/answers.ts';

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
