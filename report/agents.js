// Runs in the reader's browser, once the page is there: makes the list of agents that can be searched. Without it the page lacks
// that list and nothing else. What it reads is `PackedAgents` of packed-agents.ts.
(() => {
  /** How many agents are shown at once, and how many more each time. */
  const AT_ONCE = 20;

  /** As people type it: é is found as e, Å as a. */
  const plain = (text) =>
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}+/gu, '')
      .toLowerCase();

  const unpackedId = (packed) => {
    if (packed.startsWith('=')) return packed.slice(1);
    const bytes = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    return [...bytes]
      .map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'))
      .join('')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };

  /** Each text with the beginning that it has in common with the one before it, in whose place its length stands. */
  const withBeginnings = (shortened) => {
    let before = '';
    return shortened.map((text) => {
      if (text === null) return null;
      before = before.slice(0, Number.parseInt(text[0], 36)) + text.slice(1);
      return before;
    });
  };

  const unpacked = (packed) => {
    const logins = withBeginnings(packed.logins);
    const names = withBeginnings(packed.names ?? []);
    return packed.ids.map((packedId, index) => {
      const id = unpackedId(packedId);
      const login = logins[index] ?? id;
      const name = names[index] ?? '';
      return {
        id,
        login,
        name,
        sought: plain(`${login}\n${name}`),
        profile: packed.routingProfiles[packed.routingProfileOf[index]],
        teams: packed.hierarchies[packed.hierarchyOf[index]] ?? [],
        held: packed.heldBy[index].map((place) => packed.held[place]),
      };
    });
  };

  const sorted = (texts) =>
    [...new Set(texts)].sort((one, other) => one.localeCompare(other, 'en'));

  const element = (name, ...children) => {
    const made = document.createElement(name);
    made.append(...children);
    return made;
  };

  /** A text of the user's, as `userText` of html.ts writes it. */
  const text = (content) => element('bdi', content);

  const small = (...children) => element('small', ...children);

  const heldInWords = (held) =>
    sorted(held.map(([name]) => name)).map((name) => {
      const values = held.filter(([of]) => of === name);
      const words = values.flatMap(([, value, level], index) => [
        index === 0 ? ' ' : ', ',
        text(value),
        ` ${level}`,
      ]);
      return element('div', small(text(name)), ...words);
    });

  /** Each text on its own, however it runs; what stands between them runs as the page does. */
  const path = (texts) =>
    texts.flatMap((one, index) => (index === 0 ? [text(one)] : [' › ', text(one)]));

  /** Of the agent: name, groups, routing profile and id, as far as they are known. */
  const agentCell = ({ id, login, name, teams, profile }) => {
    const more = [
      name === '' ? [] : [text(name)],
      path(teams),
      profile === undefined ? [] : [text(profile)],
      login === id ? [] : [id],
    ];
    const lines = more
      .filter((line) => line.length > 0)
      .map((line) => element('div', small(...line)));
    const cell = element('th', text(login), ...lines);
    cell.scope = 'row';
    return cell;
  };

  const rowOf = (agent) =>
    element('tr', agentCell(agent), element('td', ...heldInWords(agent.held)));

  /** Every word must be in the name, or the id must begin so. */
  const isNamed = ({ sought, id }, words) =>
    words.every((word) => sought.includes(word)) || id.startsWith(words.join(' '));

  const holds = ({ held }, { attribute, value, level }) =>
    held.some(
      ([itsName, itsValue, itsLevel]) =>
        (attribute === '' || itsName === attribute) &&
        (value === '' || itsValue === value) &&
        itsLevel >= Number(level),
    );

  /** Whether an agent is meant by what the controls say. */
  const filterFor = ({ text: typed, team, profile, ...proficiency }) => {
    const words = plain(typed).split(/\s+/).filter(Boolean);
    const wantsProficiency = Object.values(proficiency).some((value) => value !== '');
    return (agent) =>
      (team === '' || agent.teams.includes(team)) &&
      (profile === '' || agent.profile === profile) &&
      (!wantsProficiency || holds(agent, proficiency)) &&
      isNamed(agent, words);
  };

  /** Gives a choice its options, after the one that it has: any. One without any is not shown. */
  const offer = (select, values, labelOf = (value) => value) => {
    const chosen = select.value;
    select.replaceChildren(
      select.options[0],
      ...values.map((value) => new Option(labelOf(value), value)),
    );
    select.value = values.includes(chosen) ? chosen : '';
    select.closest('label').hidden = values.length === 0;
  };

  const start = (section) => {
    const packed = JSON.parse(section.querySelector('script').textContent);
    const agents = unpacked(packed);
    const control = (name) => section.querySelector(`[name=${name}]`);
    const controls = Object.fromEntries(
      ['text', 'team', 'profile', 'attribute', 'value', 'level'].map((name) => [
        name,
        control(name),
      ]),
    );
    const region = section.querySelector('.table');
    const rows = region.querySelector('tbody');
    const status = section.querySelector('[role=status]');
    let found = [];
    let shown = 0;

    const showMore = () => {
      const next = found.slice(shown, shown + AT_ONCE);
      rows.append(...next.map(rowOf));
      shown += next.length;
      control('more').hidden = shown >= found.length;
    };

    const offerValues = () => {
      const { attribute, value } = controls;
      const values = packed.held.filter(([name]) => name === attribute.value).map(([, one]) => one);
      offer(value, sorted(values));
    };

    const search = () => {
      const wanted = Object.fromEntries(
        Object.entries(controls).map(([name, { value }]) => [name, value]),
      );
      const isIdle = Object.values(wanted).every((value) => value.trim() === '');
      found = isIdle ? [] : agents.filter(filterFor(wanted));
      shown = 0;
      rows.replaceChildren();
      control('clear').hidden = isIdle;
      region.hidden = found.length === 0;
      status.textContent = isIdle
        ? ''
        : `${found.length.toLocaleString('en-US')} of ${agents.length.toLocaleString('en-US')} agents`;
      showMore();
    };

    offer(controls.team, sorted(packed.hierarchies.flat()));
    offer(controls.profile, sorted(packed.routingProfiles));
    offer(controls.attribute, sorted(packed.held.map(([name]) => name)));
    offer(controls.level, ['2', '3', '4', '5'], (level) => `${level} or higher`);
    offerValues();

    section.addEventListener('input', ({ target }) => {
      if (target === controls.attribute) offerValues();
      search();
    });
    control('more').addEventListener('click', () => {
      showMore();
      // The focus must not go with the button.
      if (control('more').hidden) region.focus();
    });
    control('clear').addEventListener('click', () => {
      for (const one of Object.values(controls)) one.value = '';
      offerValues();
      search();
      controls.text.focus();
    });
    section.hidden = false;
    search();
  };

  for (const section of document.querySelectorAll('.agents')) start(section);
})();
