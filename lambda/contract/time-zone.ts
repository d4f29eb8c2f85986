/**
 * Whether a name is one of IANA's time zones, such as Europe/Berlin or UTC.
 *
 * Offsets such as +02:00 are none, though newer versions of Node take them for one: EventBridge Scheduler does not, and the
 * versions do not agree.
 */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
