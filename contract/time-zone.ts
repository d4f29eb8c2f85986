/**
 * Whether a name is one of IANA's time zones, such as Europe/Berlin or UTC.
 *
 * Offsets such as +02:00 are none, though newer versions of Node take them for one: EventBridge Scheduler does not, and the
 * versions do not agree.
 *
 * Neither are names in other capitals, such as europe/berlin, which Node.js takes.
 */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // A name that is a link to another one is resolved to that: of its capitals nothing is known.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/**
 * The date that it is somewhere, as `yyyy-MM-dd`. It is put together from its parts: how a locale writes a date depends on the
 * locales that Node.js was built with.
 */
export function dateIn(timeZone: string, time: Date): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(time);
  const part = (type: 'year' | 'month' | 'day'): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}
