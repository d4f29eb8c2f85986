import type { Answer } from '../../../cli/query/answer.ts';
import { type Format, formatAnswer } from '../../../cli/query/answer-formats.ts';
import { widthOf } from '../../../cli/query/columns.ts';
import type { Page } from '../../../cli/query/table.ts';
import { ODD } from './known-world.ts';

const format = (answer: Answer, as: Format, page?: Page): string =>
  [...formatAnswer(answer, as, page)].join('');

const ANSWER: Answer = {
  columns: ['name', 'level', 'list'],
  rows: [
    ['ann', 4.5, ['a', { b: 1 }]],
    [null, 3, null],
    ['', null, []],
  ],
};

describe('as a table', () => {
  it('aligns numbers right and says how many rows there are', () => {
    expect(format(ANSWER, 'table')).toBe(
      [
        '┌──────┬───────┬───────────────┐',
        '│ name │ level │ list          │',
        '├──────┼───────┼───────────────┤',
        '│ ann  │   4.5 │ ["a",{"b":1}] │',
        '│      │     3 │               │',
        '│      │       │ []            │',
        '└──────┴───────┴───────────────┘',
        '3 rows\n',
      ].join('\n'),
    );
  });

  it('says once what all rows have in common about where they are from', () => {
    const answer: Answer = {
      columns: ['level', 'instance_id', 'snapshot_date', 'region'],
      rows: [
        [5, 'i-1', '2026-11-22', null],
        [5, 'i-1', '2026-11-23', null],
      ],
    };
    expect(format(answer, 'table')).toBe(
      [
        '┌───────┬───────────────┐',
        '│ level │ snapshot_date │',
        '├───────┼───────────────┤',
        '│     5 │ 2026-11-22    │',
        '│     5 │ 2026-11-23    │',
        '└───────┴───────────────┘',
        '2 rows, each with instance_id i-1, region null\n',
      ].join('\n'),
    );
  });

  it('shows those columns where there is nothing else to show', () => {
    const answer: Answer = { columns: ['instance_id'], rows: [['i-1'], ['i-1']] };
    expect(format(answer, 'table')).toContain('│ i-1         │');
  });

  it('lets no value steer the terminal', () => {
    const text = format({ columns: ['a\u001b[2J'], rows: [['\u001b[31mred\u0007\r']] }, 'table');
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(text).toContain('\\u001b[31mred\\u0007\\u000d');
    expect(text).toMatch(/1 row\n$/);
  });

  it('of a text that turns the direction of what follows shows how it does', () => {
    const text = format(
      { columns: ['a'], rows: [['\u202eevil\u202c'], ['\u2067שלום\u2069']] },
      'table',
    );
    expect(text).toContain('\\u202eevil\\u202c');
    expect(text).toContain('\\u2067שלום\\u2069');
  });
});

describe('as a long table', () => {
  const numbers = (count: number): Answer => ({
    columns: ['n', 'region'],
    rows: Array.from({ length: count }, (_, index) => [index, 'us-east-1']),
  });

  it.each([49, 50, 51, 250])('of %d rows, it looks as if drawn at once', (count) => {
    const lines = format(numbers(count), 'table').split('\n');
    const width = String(count - 1).length;
    expect(lines).toEqual([
      `┌${'─'.repeat(width + 2)}┐`,
      `│ ${'n'.padStart(width)} │`,
      `├${'─'.repeat(width + 2)}┤`,
      ...Array.from({ length: count }, (_, index) => `│ ${String(index).padStart(width)} │`),
      `└${'─'.repeat(width + 2)}┘`,
      `${count} rows, each with region us-east-1`,
      '',
    ]);
  });

  it('comes in pieces', () => {
    expect([...formatAnswer(numbers(1000), 'table')].length).toBeGreaterThan(10);
  });

  it('ends at its limit, and says how many rows there are and how to see all', () => {
    const lines = format(numbers(1000), 'table', { limit: 3 }).split('\n');
    expect(lines.slice(3)).toEqual([
      '│ 0 │',
      '│ 1 │',
      '│ 2 │',
      '└───┘',
      '3 of 1000 rows (all of them: --limit 1000, or --format csv), each with region us-east-1',
      '',
    ]);
  });

  it.each(['csv', 'json'] as const)('has its limit as %s too', (as) => {
    expect(format(numbers(1000), as, { limit: 3 })).toBe(format(numbers(3), as));
  });
});

describe('on a narrow terminal', () => {
  const wide: Answer = {
    columns: ['username', 'user_id', 'level'],
    rows: [
      ['ann', '11111111-1111-4111-8111-111111111111', 5],
      ['名前名前名前名前名前名前名前', 'b'.repeat(50), 3],
      ['👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻👩‍💻', 'short', null],
    ],
  };

  it.each([80, 40, 32])('of %d columns no line is wider', (width) => {
    const lines = format(wide, 'table', { width }).split('\n');
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
    expect(new Set(lines.slice(0, -2).map(widthOf)).size).toBe(1);
  });

  it('nothing is left out and no character is cut', () => {
    const text = format(wide, 'table', { width: 40 });
    for (const character of ['名', '前', '👩‍💻', 'b', '1']) {
      expect(text.split(character)).toHaveLength(format(wide, 'table').split(character).length);
    }
  });

  it('where there is room, it looks as anywhere', () => {
    expect(format(wide, 'table', { width: 200 })).toBe(format(wide, 'table'));
  });
});

describe('as CSV', () => {
  it('quotes as RFC 4180 says, and tells an empty text from null', () => {
    const answer: Answer = {
      columns: ['a,b', 'c'],
      rows: [
        ['"x"\ny', null],
        ['', 1.5],
        [true, ['z']],
      ],
    };
    expect(format(answer, 'csv')).toBe('"a,b",c\r\n"""x""\ny",\r\n"",1.5\r\ntrue,"[""z""]"\r\n');
  });
});

describe('as JSON', () => {
  it('gives an object per row, every value as it was', () => {
    expect(JSON.parse(format(ANSWER, 'json'))).toEqual([
      { name: 'ann', level: 4.5, list: ['a', { b: 1 }] },
      { name: null, level: 3, list: null },
      { name: '', level: null, list: [] },
    ]);
    const odd = format({ columns: [ODD], rows: [[ODD]] }, 'json');
    expect(JSON.parse(odd)).toEqual([{ [ODD]: ODD }]);
  });
});

it.each([
  ['table', '┌───┐\n│ a │\n└───┘\n0 rows\n'],
  ['csv', 'a\r\n'],
  ['json', '[]\n'],
] as const)('an answer without rows as %s', (as, text) => {
  expect(format({ columns: ['a'], rows: [] }, as)).toBe(text);
});
