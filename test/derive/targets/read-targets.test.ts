import fc from 'fast-check';
import { problemInWords, type Target } from '../../../contract/target.ts';
import { readTargets } from '../../../derive/targets/read-targets.ts';
import { FULL } from '../../support/breadth.ts';

const HEADER = 'attribute_name,attribute_value,minimum_level,minimum_agents';

/** What a file says, as it would be told. */
function told(text: string | Uint8Array) {
  const { targets, problems } = readTargets(Buffer.from(text));
  return {
    targets: targets.map((one) => [
      one.line_number,
      one.attribute_name,
      one.attribute_value,
      one.minimum_level,
      one.minimum_agents,
    ]),
    problems: problems.map(problemInWords),
  };
}

const COLUMNS = ['attribute_name', 'attribute_value', 'minimum_level', 'minimum_agents'] as const;
type Column = (typeof COLUMNS)[number];

/** How a program writes CSV. */
interface Dialect {
  readonly separator: string;
  readonly lineBreak: string;
  readonly byteOrderMark: boolean;
  readonly quoteAll: boolean;
  readonly decimalComma: boolean;
  readonly upperCase: boolean;
  /** Around what is not quoted; a tab-separated file has none. */
  readonly padding: string;
  /** The columns in their order, another one among them. */
  readonly columns: readonly (Column | 'note')[];
  readonly lastBreak: boolean;
  readonly blankRows: boolean;
}

const dialect: fc.Arbitrary<Dialect> = fc
  .record({
    separator: fc.constantFrom(',', ';', '\t'),
    lineBreak: fc.constantFrom('\n', '\r\n', '\r'),
    byteOrderMark: fc.boolean(),
    quoteAll: fc.boolean(),
    decimalComma: fc.boolean(),
    upperCase: fc.boolean(),
    padding: fc.constantFrom('', ' '),
    columns: fc.shuffledSubarray([...COLUMNS, 'note'] as const, { minLength: 5 }),
    lastBreak: fc.boolean(),
    blankRows: fc.boolean(),
  })
  .map((one) => (one.separator === '\t' ? { ...one, padding: '' } : one));

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function written(targets: readonly Target[], dialect: Dialect): string {
  const { separator, padding, columns } = dialect;
  const field = (text: string): string =>
    dialect.quoteAll || /["\n\r]/.test(text) || text.includes(separator)
      ? quoted(text)
      : `${padding}${text}${padding}`;
  const number = (value: number): string =>
    dialect.decimalComma ? String(value).replace('.', ',') : String(value);
  const rows = targets.map((target) => {
    const cells = {
      attribute_name: target.attribute_name,
      attribute_value: target.attribute_value,
      minimum_level: number(target.minimum_level),
      minimum_agents: String(target.minimum_agents),
      note: 'asked for by "the board"; see\nthe minutes, 3',
    };
    return columns.map((column) => field(cells[column])).join(separator);
  });
  const header = columns
    .map((column) => field(dialect.upperCase ? column.toUpperCase() : column))
    .join(separator);
  const blank = dialect.blankRows ? [separator.repeat(columns.length - 1), ''] : [];
  const lines = [header, ...blank, ...rows.flatMap((row) => [row, ...blank])];
  return `${dialect.byteOrderMark ? '\uFEFF' : ''}${lines.join(dialect.lineBreak)}${dialect.lastBreak ? dialect.lineBreak : ''}`;
}

const text = fc
  .oneof(
    fc.constantFrom(
      'French',
      'Français (Québec)',
      'Fibre "Gigabit"',
      'a, b; c\td',
      'two\nlines',
      '한국어',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
  )
  // A carriage return within a cell is a line break, which comes back as one.
  .map((one) => one.replaceAll('\r', '').trim())
  .filter((one) => one !== '' && !one.startsWith('\uFEFF'));

const targets = fc
  .uniqueArray(
    fc.record({
      attribute_name: fc.constantFrom('Language', 'Product', 'Ä "\\'),
      attribute_value: text,
      minimum_level: fc.constantFrom(1, 2, 3.5, 5),
      minimum_agents: fc.constantFrom(1, 2, 40, 1_000_000),
    }),
    {
      selector: (one) =>
        JSON.stringify([one.attribute_name, one.attribute_value, one.minimum_level]),
      maxLength: 6,
    },
  )
  .map((all): Target[] => all.map((one, index) => ({ line_number: index, ...one })));

it('reads the same targets, whichever program has written them', () => {
  fc.assert(
    fc.property(targets, dialect, (all, how) => {
      const read = readTargets(Buffer.from(written(all, how)));
      expect(read.problems).toEqual([]);
      const withoutLines = (some: readonly Target[]) =>
        some.map(({ line_number: _, ...target }) => target);
      expect(withoutLines(read.targets)).toEqual(withoutLines(all));
    }),
    { numRuns: FULL ? 2000 : 100 },
  );
});

it('names each line that cannot be read by number and reason, and the others count', () => {
  const lines = [
    HEADER,
    'Language,French,4,2',
    'Language,German,x,2',
    'Language,Dutch,6,0',
    'Language,"Polish,4,2',
    'Language,Spanish,4',
    '',
    'Language,French,3,5,2',
    'Language,French,3,10',
    'Language,French,4.0,9',
    `Language,${'x'.repeat(101)},4,2`,
    'Language,Hindi,4,1.000',
    'Language,Italian,4,1',
  ];
  expect(told(lines.join('\n'))).toEqual({
    targets: [
      [2, 'Language', 'French', 4, 2],
      [9, 'Language', 'French', 3, 10],
      [13, 'Language', 'Italian', 4, 1],
    ],
    problems: [
      'line 3: minimum_level is "x", which is no level from 1 to 5',
      'line 4: minimum_level is "6", which is no level from 1 to 5; minimum_agents is "0", which is no whole number from 1 to 1,000,000',
      'line 5: its quotation marks are not in order; put the value in quotation marks, and write two for each one within it',
      'line 6: minimum_agents is missing',
      'line 8: it has 5 values for 4 columns; put a value that holds the separator in quotation marks',
      'line 10: it is about the same proficiency and level as line 2, which counts; remove one of them',
      'line 11: attribute_value has 101 characters, and Connect takes 100 at most',
      'line 12: minimum_agents is "1.000", which is no whole number from 1 to 1,000,000',
    ],
  });
});

it('takes quotation marks within a value as some programs write them between tabs', () => {
  const text = `${HEADER.replaceAll(',', '\t')}\nProduct\tFibre "Gigabit"\t4\t2`;
  expect(told(text).targets).toEqual([[2, 'Product', 'Fibre "Gigabit"', 4, 2]]);
});

it('counts lines of the file, not records', () => {
  const text = `${HEADER},note\r\nLanguage,French,4,2,"two\r\nlines"\r\nLanguage,German,4,2,\r\n`;
  expect(told(text).targets.map(([line]) => line)).toEqual([2, 4]);
});

const BEGIN = `begin it with ${HEADER}`;

it.each<[string, string | Uint8Array, string]>([
  ['empty', '', `it is empty; ${BEGIN}`],
  ['blank', ' \r\n;;\r\n', `it is empty; ${BEGIN}`],
  [
    'without a header',
    'Language,French,4,2\n',
    `its first line does not name attribute_name, attribute_value, minimum_level and minimum_agents; ${BEGIN}`,
  ],
  [
    'without a column',
    'attribute_name;attribute_value;minimum_level\nLanguage;French;4',
    `its first line does not name minimum_agents; ${BEGIN}`,
  ],
  [
    'with a column twice',
    `${HEADER},Minimum_Level\nLanguage,French,4,2,3`,
    'its first line names minimum_level twice; leave one out',
  ],
  [
    'UTF-16',
    Buffer.from(`\uFEFF${HEADER}\n`, 'utf16le'),
    'it is UTF-16, not UTF-8; save it as "CSV UTF-8"',
  ],
  [
    'UTF-16 the other way round',
    Buffer.from(`\uFEFF${HEADER}\n`, 'utf16le').swap16(),
    'it is UTF-16, not UTF-8; save it as "CSV UTF-8"',
  ],
  [
    'Latin-1',
    Buffer.from(`${HEADER}\nLanguage,Français,4,2`, 'latin1'),
    'it is not UTF-8; save it as "CSV UTF-8"',
  ],
  [
    'a workbook',
    Buffer.from('PK\u0003\u0004…', 'latin1'),
    'it is a workbook or another ZIP file, not CSV; save it as "CSV UTF-8"',
  ],
  [
    'longer than is read',
    `${HEADER}\n${Array.from({ length: 10_001 }, (_, n) => `a,${n},4,2`).join('\n')}`,
    'it has more than 10,000 targets; remove those that you do not need',
  ],
])('a file that is %s is one problem', (_, file, problem) => {
  expect(told(file)).toEqual({ targets: [], problems: [problem] });
});

it('takes a header without targets for a file without targets', () => {
  expect(told(`${HEADER}\n`)).toEqual({ targets: [], problems: [] });
});

it('throws nothing, whatever the bytes are', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((one) => `${HEADER}\n${one}`),
      ),
      (file) => {
        const { targets, problems } = readTargets(Buffer.from(file));
        expect(targets.length + problems.length).toBeLessThanOrEqual(200);
      },
    ),
    { numRuns: FULL ? 2000 : 100 },
  );
});

it('shows a wrong value as text that is valid and short', () => {
  const [problem = ''] = told(`${HEADER}\na,b,${'x'.repeat(39)}😀${'y'.repeat(99)},2`).problems;
  expect(problem).toBe(
    `line 2: minimum_level is "${'x'.repeat(39)}\uFFFD…", which is no level from 1 to 5`,
  );
});
