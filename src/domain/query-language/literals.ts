import type { Instant } from '../instant.ts';

/** The parts of a dotted version, the most significant first: `1.86.3`. */
export type Version = readonly number[];

/** Reads digits with dots between them; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  return /^\d{1,9}(\.\d{1,9})*$/.test(text) ? text.split('.').map(Number) : undefined;
}

/** Orders versions part by part, as numbers: 1.9 before 1.10. Parts that are left out count as 0. */
export function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function parseInteger(text: string): number | undefined {
  return /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

const dateForm =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?<zone>Z|[+-]\d\d:\d\d)?)?$/;
const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads the forms of dates that ECS documents: a day, or a second with `Z`, an offset or, meaning
 * UTC as well, nothing behind it.
 */
export function parseDate(text: string): Instant | undefined {
  const groups = dateForm.exec(text)?.groups;
  if (!groups) return undefined;
  const part = (name: string): number => Number(groups[name] ?? 0);
  const days = dayNumber(part('year'), part('month'), part('day'));
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')];
  const offsetMinutes = parseOffset(groups['zone'] ?? 'Z');
  if (days === undefined || offsetMinutes === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return (((days * 24 + hour) * 60 + minute - offsetMinutes) * 60 + second) * 1000;
}

function parseOffset(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  if (hours > 18 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Days from the epoch to a day of the Gregorian calendar; undefined if there is no such day. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  const length = (daysOfMonths[month - 1] ?? 0) + (month === 2 && isLeapYear(year) ? 1 : 0);
  if (day < 1 || day > length) return undefined;
  const daysBefore = daysOfMonths.slice(0, month - 1).reduce((sum, days) => sum + days, 0);
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0;
  return yearStart(year) - yearStart(1970) + daysBefore + leapDay + day - 1;
}

/** Days from the first day of year 0 to that of this one. */
function yearStart(year: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return year * 365 + leapDays;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
