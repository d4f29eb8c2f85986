import { withOwnTags } from '../../../lib/settings/tags.ts';

it('the exporter adds its own tag', () => {
  expect(withOwnTags({ owner: 'x' })).toEqual({
    application: 'connect-proficiency-exporter',
    owner: 'x',
  });
});

it.each(['application', 'Application'])(
  'the exporter adds no tag beside %s, which IAM would take for the same',
  (key) => {
    expect(withOwnTags({ [key]: 'x' })).toEqual({ [key]: 'x' });
  },
);
