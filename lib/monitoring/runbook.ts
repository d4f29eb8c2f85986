/** The headings of docs/runbook.md that alarms point at; a test compares them with the document. */
export const RUNBOOK_HEADINGS = {
  runFailed: 'A run failed',
  snapshotLate: 'A snapshot is late',
  startMissed: 'A start was missed',
  throttled: 'Connect throttles the exporter',
  usersFailed: 'Users could not be read',
} as const;

/** The link to a heading, as GitHub and its like spell anchors. */
export const runbookLink = (runbookUrl: string, heading: string): string =>
  `${runbookUrl}#${heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')}`;
