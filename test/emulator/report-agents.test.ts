import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import * as z from 'zod';
import { writeReport } from '../../cli/report/write-report.ts';
import {
  type BrowserPage,
  type Chromium,
  DESK,
  startChromium,
  TELEPHONE,
  type Viewport,
} from '../support/chromium.ts';
import { type WorldUser, writeWorld } from '../support/published-world.ts';
import { NEWEST_DAY, ODD_USERS, reportWorld } from '../support/report-world.ts';
import { temporaryFolders } from '../support/temporary-folder.ts';

/** The list of agents in the report, as a person searches it: by keyboard, in the system's Chromium. */

const ZOË: WorldUser = {
  id: '0a1b2c3d-0000-4000-8000-00000000ffff',
  username: 'zoë.h',
  proficiencies: [{ attribute_name: 'Language', attribute_value: 'French', level: 4.5 }],
  details: { first_name: 'Zoë', last_name: "O'Hara", hierarchy: null, routing_profile_name: null },
};

const users: readonly WorldUser[] = [
  ...(Object.values(reportWorld({ users: 200, days: 1 }))[0]?.[0]?.users ?? []),
  ...ODD_USERS,
  ZOË,
];

const newFolder = temporaryFolders();
let chromium: Chromium;
let url: string;

beforeAll(async () => {
  chromium = await startChromium(newFolder());
  const out = newFolder();
  writeWorld(out, { '11111111-1111-4111-8111-111111111111': [{ date: NEWEST_DAY, users }] });
  url = pathToFileURL(await writeReport({ out, to: join(out, 'report.html') })).href;
});

afterAll(() => chromium?.close());

const look = <T>(at: (page: BrowserPage) => Promise<T>, viewport: Viewport = DESK): Promise<T> =>
  chromium.look(url, viewport, at);

/** Keys by their virtual codes, and the text that they type. */
const KEYS = {
  Tab: { windowsVirtualKeyCode: 9 },
  Enter: { windowsVirtualKeyCode: 13, text: '\r' },
  ArrowDown: { windowsVirtualKeyCode: 40 },
} as const;

async function press(page: BrowserPage, key: keyof typeof KEYS): Promise<void> {
  for (const type of ['keyDown', 'keyUp']) {
    await page.send('Input.dispatchKeyEvent', { type, key, code: key, ...KEYS[key] });
  }
}

const FOCUSED = 'document.activeElement.name ?? document.activeElement.tagName';

/** Moves the focus on until it is on a control of a name. */
async function tabTo(page: BrowserPage, name: string): Promise<void> {
  for (let step = 0; step < 40; step++) {
    if ((await page.evaluate(FOCUSED)) === name) return;
    await press(page, 'Tab');
  }
  throw new Error(`There is no way to ${name} by Tab.`);
}

const type = (page: BrowserPage, text: string) => page.send('Input.insertText', { text });

const LIST = "document.querySelector('.agents')";
const agentsShown = async (page: BrowserPage): Promise<readonly string[]> =>
  z.array(z.string()).parse(
    await page.evaluate(`[...${LIST}.querySelectorAll('th bdi:first-child')]
        .filter((name) => name.parentElement.tagName === 'TH').map((name) => name.textContent)`),
  );

const statusOf = (page: BrowserPage) =>
  page.evaluate(`${LIST}.querySelector('[role=status]').textContent`);

/** What is chosen of each list, and typed. */
type Wanted = Readonly<
  Partial<Record<'text' | 'team' | 'profile' | 'attribute' | 'value' | 'level', string>>
>;

/** Fills in the controls, and shows all that is found. */
async function find(page: BrowserPage, wanted: Wanted): Promise<readonly string[]> {
  await page.evaluate(`for (const [name, value] of Object.entries(${JSON.stringify(wanted)})) {
    const control = ${LIST}.querySelector('[name=' + name + ']');
    control.value = value;
    control.dispatchEvent(new Event('input', { bubbles: true }));
  }
  for (const more = ${LIST}.querySelector('[name=more]'); !more.hidden; ) more.click();`);
  return agentsShown(page);
}

const loginsOf = (isMeant: (user: WorldUser) => boolean): readonly string[] =>
  users
    .filter(isMeant)
    .map(({ username = '' }) => username)
    .toSorted();

const holds =
  (name: string, value: string, level: number) =>
  ({ proficiencies }: WorldUser): boolean =>
    proficiencies.some(
      (one) =>
        one.attribute_name === name &&
        (value === '' || one.attribute_value === value) &&
        one.level >= level,
    );

const CASES: readonly (readonly [Wanted, (user: WorldUser) => boolean])[] = [
  [{ text: 'garcia' }, ({ username = '' }) => username.toLowerCase().includes('garcia')],
  [{ team: 'Manchester' }, ({ details }) => details?.hierarchy?.includes('Manchester') ?? false],
  [
    { profile: 'Service – voice' },
    ({ details }) => details?.routing_profile_name === 'Service – voice',
  ],
  [{ attribute: 'Language' }, holds('Language', '', 1)],
  [{ attribute: 'Language', value: 'French' }, holds('Language', 'French', 1)],
  [{ attribute: 'Language', value: 'French', level: '4' }, holds('Language', 'French', 4)],
  [
    { team: 'Manchester', attribute: 'Language', level: '5' },
    (user) =>
      (user.details?.hierarchy?.includes('Manchester') ?? false) && holds('Language', '', 5)(user),
  ],
  [{ text: 'O’Hara nobody' }, () => false],
];

it.each(CASES)('finds by %j those of whom the snapshot says so', async (wanted, isMeant) => {
  const expected = loginsOf(isMeant);
  await look(async (page) => {
    expect((await find(page, wanted)).toSorted()).toEqual(expected);
    expect(await statusOf(page)).toBe(`${expected.length} of ${users.length} agents`);
    expect(page.complaints).toEqual([]);
  });
});

it.each(['zoe.h', "o'hara zoë", ZOË.id, ZOË.id.slice(0, 9), '  ZOË.H '])(
  'finds a person by "%s"',
  async (text) => {
    expect(await look((page) => find(page, { text }))).toEqual([ZOË.username]);
  },
);

it('is used by keyboard alone', () =>
  look(async (page) => {
    await tabTo(page, 'text');
    await type(page, 'a');
    expect(await agentsShown(page)).toHaveLength(20);
    await tabTo(page, 'more');
    await press(page, 'Enter');
    expect(await agentsShown(page)).toHaveLength(40);
    await page.evaluate('document.activeElement.blur()');
    await tabTo(page, 'attribute');
    await press(page, 'ArrowDown');
    // There is a choice of values once an attribute is chosen.
    await tabTo(page, 'value');
    await tabTo(page, 'clear');
    await press(page, 'Enter');
    expect(await page.evaluate(FOCUSED)).toBe('text');
    expect([await agentsShown(page), await statusOf(page)]).toEqual([[], '']);
  }));

it('is not there where scripts are off, and all else is', async () => {
  const others = `(() => { document.querySelector('.agents').hidden = true; return document.body.innerText; })()`;
  const withScript = await look((page) => page.evaluate(others));
  await look(
    async (page) => {
      expect(await page.evaluate(`${LIST}.checkVisibility()`)).toBe(false);
      expect(await page.evaluate('document.body.innerText')).toBe(withScript);
    },
    { ...DESK, scripts: false },
  );
});

it('is the only thing that may run', () =>
  look(async (page) => {
    await page.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.hasRun = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.hasRun = true">');
    })()`);
    expect(await page.evaluate('window.hasRun ?? false')).toBe(false);
    expect(page.complaints.join()).toContain('Content Security Policy');
  }));

const VIOLATIONS = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))`;

it.each([DESK, TELEPHONE])('axe finds nothing at $width pixels', (viewport) =>
  look(async (page) => {
    await find(page, { attribute: 'Language' });
    await page.evaluate(axe);
    expect(await page.evaluate(VIOLATIONS)).toEqual([]);
    expect(page.complaints).toEqual([]);
  }, viewport),
);
