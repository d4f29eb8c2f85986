import { readdirSync, readFileSync } from 'node:fs';
import { documentAt } from './markdown.ts';

const FOLDER = 'docs/adr';
const SECTIONS = ['status', 'context', 'positions', 'decision', 'consequences'];
const records = readdirSync(FOLDER).filter((file) => /^\d{4}-[a-z-]+\.md$/.test(file));
const index = readFileSync(`${FOLDER}/README.md`, 'utf8');

it('holds records and their index, each number once', () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...records, 'README.md'].sort());
  expect(new Set(records.map((file) => file.slice(0, 4))).size).toBe(records.length);
});

it('the index lists every record, in order', () => {
  const listed = [...index.matchAll(/^\| \[(\d{4})\]\((.*?)\) \| \S/gm)];
  expect(listed.map(([, , file]) => file)).toEqual(records.sort());
  for (const [, number = '', file = ''] of listed) expect(file.startsWith(number)).toBe(true);
});

it.each(records)('%s says status, context, positions, decision and consequences', (file) => {
  const [title, ...sections] = documentAt(`${FOLDER}/${file}`).anchors;
  expect(title).toMatch(new RegExp(`^${file.slice(0, 4)}-`));
  expect(sections.filter((section) => SECTIONS.includes(section))).toEqual(SECTIONS);
});
