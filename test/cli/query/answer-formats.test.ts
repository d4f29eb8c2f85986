import type { Answer } from '../../../cli/query/answer.ts';
import { formatAnswer } from '../../../cli/query/answer-formats.ts';
import { ODD } from './known-world.ts';

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
    expect(formatAnswer(ANSWER, 'table')).toBe(
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
    expect(formatAnswer(answer, 'table')).toBe(
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
    expect(formatAnswer(answer, 'table')).toContain('│ i-1         │');
  });

  it('lets no value steer the terminal', () => {
    const text = formatAnswer(
      { columns: ['a\u001b[2J'], rows: [['\u001b[31mred\u0007\r']] },
      'table',
    );
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(text).toContain('\\u001b[31mred\\u0007\\u000d');
    expect(text).toMatch(/1 row\n$/);
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
    expect(formatAnswer(answer, 'csv')).toBe(
      '"a,b",c\r\n"""x""\ny",\r\n"",1.5\r\ntrue,"[""z""]"\r\n',
    );
  });
});

describe('as JSON', () => {
  it('gives an object per row, every value as it was', () => {
    expect(JSON.parse(formatAnswer(ANSWER, 'json'))).toEqual([
      { name: 'ann', level: 4.5, list: ['a', { b: 1 }] },
      { name: null, level: 3, list: null },
      { name: '', level: null, list: [] },
    ]);
    const odd = formatAnswer({ columns: [ODD], rows: [[ODD]] }, 'json');
    expect(JSON.parse(odd)).toEqual([{ [ODD]: ODD }]);
  });
});

it.each([
  ['table', '┌───┐\n│ a │\n└───┘\n0 rows\n'],
  ['csv', 'a\r\n'],
  ['json', '[]\n'],
] as const)('an answer without rows as %s', (format, text) => {
  expect(formatAnswer({ columns: ['a'], rows: [] }, format)).toBe(text);
});
