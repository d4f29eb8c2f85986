import fc from 'fast-check';
import { RUN_ID } from '../../../contract/event.ts';
import { identifyRun } from '../../../export/run/identity.ts';

const INSTANCE = '11111111-2222-3333-4444-555555555555';
const SETTINGS = { region: 'us-east-1', timeZone: 'Europe/Berlin' };
const NOW = new Date('2026-11-23T23:30:00Z');

const identify = (event: object, worker = 'w', now = NOW) =>
  identifyRun({ instanceId: INSTANCE, ...event }, SETTINGS, worker, now);

it("takes an ARN of its own Region for the instance's id", () => {
  const instanceId = `arn:aws:connect:us-east-1:123456789012:instance/${INSTANCE}`;
  expect(identify({ instanceId }).instanceId).toBe(INSTANCE);
});

it('refuses an ARN of another Region, naming both', () => {
  const instanceId = `arn:aws:connect:eu-west-2:123456789012:instance/${INSTANCE}`;
  expect(() => identify({ instanceId })).toThrow(/eu-west-2, but this exporter reads us-east-1/);
});

it('dates the run by the scheduled time, or else by its start, in the time zone', () => {
  expect(identify({}).snapshotDate).toBe('2026-11-24');
  expect(identify({ executionStartTime: '2026-11-23T10:00:00Z' }).snapshotDate).toBe('2026-11-23');
  expect(identify({ scheduledTime: '2026-11-21T23:00:00+01:00' }).snapshotDate).toBe('2026-11-21');
});

describe('on a Node.js that knows few locales', () => {
  const { DateTimeFormat } = Intl;
  afterEach(() => {
    Intl.DateTimeFormat = DateTimeFormat;
  });

  it.each(['en', 'de', 'th', 'ar-EG', 'fa'])(
    'dates the run the same where it falls back to %s',
    (only) => {
      // A function, as the real one can be called without new.
      Intl.DateTimeFormat = function fallback(
        _locale: unknown,
        options: Intl.DateTimeFormatOptions,
      ) {
        return new DateTimeFormat(only, options);
      } as unknown as typeof DateTimeFormat;
      expect(identify({}).snapshotDate).toBe('2026-11-24');
    },
  );
});

it('is the same run for the same schedule, whoever carries the event', () => {
  const scheduledTime = '2026-11-23T02:00:00Z';
  const one = identify({ scheduledTime, executionName: 'a' }, 'w1');
  const two = identify({ scheduledTime, executionName: 'b' }, 'w2');
  expect(one).toEqual(two);
  expect(one.trigger).toBe('schedule');
});

it('is the same run for a first slice that is tried again, another one for another execution', () => {
  const event = { executionName: 'a', executionStartTime: '2026-11-23T02:00:00Z' };
  expect(identify(event, 'w1').runId).toBe(identify(event, 'w2').runId);
  expect(identify(event).runId).not.toBe(identify({ ...event, executionName: 'b' }).runId);
  expect(identify({}, 'w1').runId).not.toBe(identify({}, 'w2').runId);
});

it('gives ids that sort by the time of asking', () => {
  const time = fc.date({
    min: new Date('2020-01-01'),
    max: new Date('2099-01-01'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(time, time, fc.uuid(), fc.uuid(), (a, b, one, two) => {
      const [first, second] = [identify({}, one, a).runId, identify({}, two, b).runId];
      expect(first).toMatch(RUN_ID);
      const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
      if (seconds(a) < seconds(b)) expect(first < second).toBe(true);
    }),
  );
});

it('finds time and date of a run again in its id', () => {
  const first = identify({});
  expect(identify({ runId: first.runId }, 'w2', new Date('2027-01-01T00:00:00Z'))).toEqual({
    ...first,
    resumed: true,
  });
});
