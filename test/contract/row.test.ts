import { rowSchema } from '../../contract/row.ts';

/** Whoever verifies or derives reads the snapshots of all versions: a key that later ones write is optional. */
it('a row that version 0.1.0 wrote is a row', () => {
  const written = {
    instance_id: 'an-instance',
    region: 'us-east-1',
    user_id: 'u-1',
    username: 'anna',
    proficiencies: [{ attribute_name: 'Channel', attribute_value: 'Voice', level: 4.5 }],
    proficiency_count: 1,
    proficiencies_modified_at: '2026-11-23T02:00:07.000Z',
    proficiencies_modified_region: 'us-east-1',
    user_modified_at: null,
    fetched_at: '2026-11-23T02:00:07.000Z',
    run_id: 'a-run',
  };
  expect(rowSchema.parse(written)).toEqual(written);
});
