import { page } from '../../report/page.ts';
import { NOTHING } from '../support/report-facts.ts';

const [ONE, OTHER] = [NOTHING.instanceId, '22222222-2222-4222-8222-222222222222'];

it('has a section for each instance, with an anchor of its own', () => {
  const text = page([NOTHING, { ...NOTHING, instanceId: OTHER }]);
  const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toEqual([...new Set(ids)]);
  expect(ids).toEqual(expect.arrayContaining([ONE, OTHER]));
});

it('calls instances by their aliases, in the list of them and above each', () => {
  const text = page([
    { ...NOTHING, alias: 'support-emea' },
    { ...NOTHING, instanceId: OTHER },
  ]);
  expect(text).toContain(`<h2 id="${ONE}">Instance support-emea <span class="id">${ONE}</span>`);
  expect(text).toContain(`<a href="#${ONE}">support-emea</a>`);
  expect(text).toContain(`<h2 id="${OTHER}">Instance <span class="id">${OTHER}</span>`);
  expect(text).toContain(`<a href="#${OTHER}">${OTHER}</a>`);
});

it('says of an empty snapshot what is not there', () => {
  const text = page([NOTHING]);
  expect(text).toContain('Nobody has a proficiency.');
  expect(text).toContain('The instance has no users.');
  expect(text).toContain('Nothing hangs on one agent.');
  const shown = text.replaceAll(/<script.*?<\/script>/gs, '');
  expect(shown).not.toMatch(/NaN|Infinity|undefined|null/);
});
