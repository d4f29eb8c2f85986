import {
  type PublishedWorld,
  type WorldSnapshot,
  writeWorld,
} from '../../support/published-world.ts';
import { temporaryFolders } from '../../support/temporary-folder.ts';
import { type } from '../../support/terminal.ts';
import { BUSY, EMPTY, SMALL } from './known-world.ts';

const newFolder = temporaryFolders();

function query(world: PublishedWorld, sql: string) {
  const folder = newFolder();
  writeWorld(folder, world);
  return type('query', sql, '--out', folder, '--format', 'csv');
}

const users = [
  {
    id: 'one',
    proficiencies: [{ attribute_name: 'Language', attribute_value: 'French', level: 4 }],
  },
];
const attributes = [{ name: 'Language', values: ['French'], purposes: [] }];
const withList = (date: string): WorldSnapshot => ({ date, users, attributes });
const withoutList = (date: string): WorldSnapshot => ({ date, users });

const saysOf = (instanceId: string): string =>
  `The newest snapshot of ${instanceId} has no predefined attributes beside it, so the answer tells nothing of that instance: predefined_attributes in export_runs says why.\n`;

it.each(['skills-nobody-has', 'values-not-defined-any-more'])(
  '%s says of which instances it knows nothing',
  async (name) => {
    const world = {
      [BUSY]: [withList('2026-11-22'), withoutList('2026-11-23')],
      [SMALL]: [withoutList('2026-11-22'), withList('2026-11-23')],
      [EMPTY]: [{ date: '2026-11-23', users: [] }],
    };
    const { exitCode, stderr } = await query(world, name);
    expect([exitCode, stderr]).toEqual([0, saysOf(BUSY)]);
  },
);

it.each(['coverage-matrix', 'SELECT count(*) FROM predefined_attributes'])(
  'says nothing where the question is another one: %s',
  async (sql) => {
    const { exitCode, stderr } = await query({ [BUSY]: [withoutList('2026-11-23')] }, sql);
    expect([exitCode, stderr]).toEqual([0, '']);
  },
);
