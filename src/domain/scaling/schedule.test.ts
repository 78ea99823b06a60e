import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoSecond } from '../iso-instant.ts';
import { nextCronTime, parseCron } from './cron-expression.ts';
import { TimeZone, utcInstant, type CivilTime } from './civil-time.ts';
import { nextTime, parseSchedule } from './schedule.ts';

/** A Wednesday. */
const from = utcInstant({ year: 2026, month: 9, day: 16, hour: 9, minute: 0, second: 0 });

function times(schedule: string, zone?: string, count = 3): readonly string[] {
  const parsed = parseSchedule(schedule, zone);
  const found: string[] = [];
  let after: number | undefined = from;
  while (found.length < count) {
    after = nextTime(parsed, after, from);
    if (after === undefined) break;
    found.push(isoSecond(after));
  }
  return found;
}

test.for([
  ['at(2026-09-16T12:00:00)', undefined, ['2026-09-16T12:00:00Z']],
  ['at(2026-09-16T12:00:00)', 'Europe/Paris', ['2026-09-16T10:00:00Z']],
  ['at(2026-09-16T08:00:00)', undefined, []],
  [
    'rate(1 minute)',
    undefined,
    ['2026-09-16T09:01:00Z', '2026-09-16T09:02:00Z', '2026-09-16T09:03:00Z'],
  ],
  [
    'rate(2 days)',
    undefined,
    ['2026-09-18T09:00:00Z', '2026-09-20T09:00:00Z', '2026-09-22T09:00:00Z'],
  ],
  [
    'cron(0/20 9 * * ? *)',
    undefined,
    ['2026-09-16T09:20:00Z', '2026-09-16T09:40:00Z', '2026-09-17T09:00:00Z'],
  ],
  [
    'cron(0 18 ? * MON-FRI *)',
    undefined,
    ['2026-09-16T18:00:00Z', '2026-09-17T18:00:00Z', '2026-09-18T18:00:00Z'],
  ],
  [
    'cron(30 6 ? * 1,7 *)',
    undefined,
    ['2026-09-19T06:30:00Z', '2026-09-20T06:30:00Z', '2026-09-26T06:30:00Z'],
  ],
  [
    'cron(0 0 L * ? *)',
    undefined,
    ['2026-09-30T00:00:00Z', '2026-10-31T00:00:00Z', '2026-11-30T00:00:00Z'],
  ],
  [
    'cron(0 0 15W * ? *)',
    undefined,
    ['2026-10-15T00:00:00Z', '2026-11-16T00:00:00Z', '2026-12-15T00:00:00Z'],
  ],
  ['cron(0 0 1W AUG ? 2026-2027)', undefined, ['2027-08-02T00:00:00Z']],
  [
    'cron(0 0 ? * 6L *)',
    undefined,
    ['2026-09-25T00:00:00Z', '2026-10-30T00:00:00Z', '2026-11-27T00:00:00Z'],
  ],
  [
    'cron(0 0 ? * TUE#1 *)',
    undefined,
    ['2026-10-06T00:00:00Z', '2026-11-03T00:00:00Z', '2026-12-01T00:00:00Z'],
  ],
  [
    'cron(0 0 29 2 ? *)',
    undefined,
    ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z', '2036-02-29T00:00:00Z'],
  ],
  ['cron(0 0 1 1 ? 2020)', undefined, []],
  // Clocks in New York go back on the first Sunday of November.
  [
    'cron(0 12 1 10-12 ? *)',
    'America/New_York',
    ['2026-10-01T16:00:00Z', '2026-11-01T17:00:00Z', '2026-12-01T17:00:00Z'],
  ],
  // They show 1:30 twice then, and no 2:30 on a Sunday of March.
  [
    'cron(30 1 1 11 ? *)',
    'America/New_York',
    ['2026-11-01T05:30:00Z', '2027-11-01T05:30:00Z', '2028-11-01T05:30:00Z'],
  ],
  ['cron(30 2 14 3 ? 2027)', 'America/New_York', ['2027-03-14T07:30:00Z']],
] as const)('%s in %s comes next at %j', ([schedule, zone, expected]) => {
  expect(times(schedule, zone)).toEqual(expected);
});

test.for([
  'at(2026-02-30T12:00:00)',
  'at(2026-02-20 12:00:00)',
  'rate(0 minutes)',
  'rate(2 minute)',
  'rate(1 fortnight)',
  'cron(0 0 * * * *)',
  'cron(0 0 ? * ? *)',
  'cron(60 0 * * ? *)',
  'cron(0 0 * * ?)',
  'cron(0 0 5-2 * ? *)',
  'cron(0 0 * FOO ? *)',
  'every day',
])('%s is no schedule', (schedule) => {
  expect(() => parseSchedule(schedule, undefined)).toThrow(
    `Schedule expression is invalid: ${schedule}`,
  );
});

test('a rate has no time zone', () => {
  expect(() => parseSchedule('rate(1 hour)', 'Europe/Paris')).toThrow(/time zone is only for/);
});

test('an instant is the time that clocks show at it', () => {
  const zones = ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'];
  const anyInstant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
  fc.assert(
    fc.property(fc.constantFrom(...zones), anyInstant, (name, instant) => {
      const zone = new TimeZone(name);
      const time = zone.civilTime(instant);
      const again = zone.instant(time);
      // One that clocks show twice is taken the first time.
      expect(again).toBeLessThanOrEqual(instant);
      expect(zone.civilTime(again)).toEqual(time);
    }),
  );
});

function utc(year: number, month: number, day: number, hour: number, minute: number): number {
  return utcInstant({ year, month, day, hour, minute, second: 0 });
}

/** A time zone that counts how often it is asked when a time is. */
class AskedZone extends TimeZone {
  asked = 0;

  override instant(time: CivilTime): number {
    this.asked += 1;
    return super.instant(time);
  }
}

test('times of a day that have passed are not worked out one by one', () => {
  const zone = new AskedZone('America/New_York');
  const everyMinute = parseCron('* * * * ? *');
  const late = utc(2026, 11, 23, 3, 58) + 30_000;
  expect(everyMinute && nextCronTime(everyMinute, zone, late)).toBe(late + 30_000);
  expect(zone.asked).toBe(1);
});

test('the next time is the first that clocks show behind an instant, also where they are changed', () => {
  const changes: [string, number][] = [
    ['America/New_York', utc(2026, 3, 8, 7, 0)],
    ['America/New_York', utc(2026, 11, 1, 6, 0)],
    ['Australia/Lord_Howe', utc(2026, 10, 3, 15, 30)],
    ['Australia/Lord_Howe', utc(2026, 4, 4, 15, 0)],
    ['Europe/Paris', utc(2026, 3, 29, 1, 0)],
  ];
  const quarters = parseCron('0/15 * * * ? *');
  const minutesAround = fc.integer({ min: -600, max: 600 });
  fc.assert(
    fc.property(fc.constantFrom(...changes), minutesAround, ([name, change], minutes) => {
      const zone = new TimeZone(name);
      const after = change + minutes * 60_000;
      const today = { ...zone.civilTime(after), second: 0 };
      const left = Array.from({ length: 96 }, (_, quarter) => {
        const time = { ...today, hour: Math.floor(quarter / 4), minute: (quarter % 4) * 15 };
        return zone.instant(time);
      }).filter((instant) => instant > after);
      fc.pre(left.length > 0);
      expect(quarters && nextCronTime(quarters, zone, after)).toBe(left[0]);
    }),
  );
});

test('an offset is no time zone of the IANA', () => {
  expect(() => parseSchedule('cron(0 0 * * ? *)', '+05:00')).toThrow('Timezone is invalid: +05:00');
});
