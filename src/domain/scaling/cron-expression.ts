import type { Instant } from '../instant.ts';
import { dayOfWeek, daysInMonth, utcInstant, type CivilTime, type TimeZone } from './civil-time.ts';

/** Nobody plans further ahead. */
const lastYear = 2199;

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names: readonly string[];
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const fields = {
  minute: { from: 0, to: 59, names: [] },
  hour: { from: 0, to: 23, names: [] },
  day: { from: 1, to: 31, names: [] },
  month: { from: 1, to: 12, names: months },
  weekday: { from: 1, to: 7, names: weekdays },
  year: { from: 1970, to: lastYear, names: [] },
} as const satisfies Readonly<Record<string, Field>>;

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

type DayTest = (day: Day) => boolean;

/** When something is to be done again and again, in the six fields of AWS. */
export interface CronExpression {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  readonly isOnDay: DayTest;
}

/** Undefined where it is none. */
export function parseCron(text: string): CronExpression | undefined {
  const parts = text.trim().toUpperCase().split(/\s+/);
  const [minute, hour, day, month, weekday, year, ...more] = parts;
  if (year === undefined || more.length > 0) return undefined;
  const minutes = valuesOf(minute, fields.minute);
  const hours = valuesOf(hour, fields.hour);
  const inMonths = valuesOf(month, fields.month);
  const years = valuesOf(year, fields.year);
  const isOnDay = dayTest(day, weekday);
  if (!minutes || !hours || !inMonths || !years || !isOnDay) return undefined;
  return { minutes, hours, months: inMonths, years, isOnDay };
}

/** One of the two fields has to leave it to the other. */
function dayTest(day = '', weekday = ''): DayTest | undefined {
  if ((day === '?') === (weekday === '?')) return undefined;
  return weekday === '?' ? dayOfMonthTest(day) : weekdayTest(weekday);
}

/** The first time of the expression behind an instant; undefined where there is none any more. */
export function nextCronTime(
  { minutes, hours, months: inMonths, years, isOnDay }: CronExpression,
  zone: TimeZone,
  after: Instant,
): Instant | undefined {
  const start = zone.civilTime(after);
  for (const year of years.filter((one) => one >= start.year)) {
    for (const month of inMonths) {
      if (year === start.year && month < start.month) continue;
      const isFirst = year === start.year && month === start.month;
      for (let day = isFirst ? start.day : 1; day <= daysInMonth(year, month); day += 1) {
        if (!isOnDay({ year, month, day })) continue;
        const found = firstOfDay({ year, month, day }, { hours, minutes, zone, after });
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

interface TimesOfDay extends Pick<CronExpression, 'hours' | 'minutes'> {
  readonly zone: TimeZone;
  readonly after: Instant;
}

function firstOfDay(day: Day, { hours, minutes, zone, after }: TimesOfDay): Instant | undefined {
  // What a time zone makes of a time is dear: most of those that have passed need no asking.
  const passed = after + zone.leastOffsetMs(day);
  for (const hour of hours) {
    for (const minute of minutes) {
      const time: CivilTime = { ...day, hour, minute, second: 0 };
      if (utcInstant(time) <= passed) continue;
      const instant = zone.instant(time);
      if (instant > after) return instant;
    }
  }
  return undefined;
}

function dayOfMonthTest(text: string): DayTest | undefined {
  if (text === 'L') return ({ year, month, day }) => day === daysInMonth(year, month);
  const nearest = /^(\d{1,2})W$/.exec(text);
  if (nearest) return nearestWeekdayTest(Number(nearest[1]));
  const days = valuesOf(text, fields.day);
  return days && (({ day }) => days.includes(day));
}

/** The working day that is nearest to a day, without leaving the month. */
function nearestWeekdayTest(wanted: number): DayTest | undefined {
  if (wanted < fields.day.from || wanted > fields.day.to) return undefined;
  return ({ year, month, day }) => {
    const last = daysInMonth(year, month);
    if (wanted > last) return false;
    const weekday = dayOfWeek(year, month, wanted);
    const moved =
      weekday === 7
        ? wanted + (wanted === 1 ? 2 : -1)
        : weekday === 1
          ? wanted + (wanted === last ? -2 : 1)
          : wanted;
    return day === moved;
  };
}

function weekdayTest(text: string): DayTest | undefined {
  const special = /^([1-7]|[A-Z]{3})(?:L|#([1-5]))$/.exec(text);
  if (!special) {
    const values = text === 'L' ? [7] : valuesOf(text, fields.weekday);
    return values && (({ year, month, day }) => values.includes(dayOfWeek(year, month, day)));
  }
  const wanted = numberOf(special[1] ?? '', fields.weekday);
  const nth = special[2] === undefined ? undefined : Number(special[2]);
  if (wanted === undefined) return undefined;
  return ({ year, month, day }) => {
    if (dayOfWeek(year, month, day) !== wanted) return false;
    return nth === undefined ? day + 7 > daysInMonth(year, month) : Math.ceil(day / 7) === nth;
  };
}

/** All values of a field, in order: `*`, numbers, names, ranges and steps, in lists. */
function valuesOf(text = '', field: Field): readonly number[] | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const range = rangeOf(part, field);
    if (!range) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return [...values].toSorted((a, b) => a - b);
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

function rangeOf(part: string, field: Field): Range | undefined {
  const [, whole = '', stepText] = /^([^/]+)(?:\/(\d{1,4}))?$/.exec(part) ?? [];
  const step = Number(stepText ?? 1);
  const [from, to] = boundsOf(whole, field, stepText !== undefined);
  if (step < 1 || from === undefined || to === undefined || to < from) return undefined;
  return { from, to, step };
}

/** `5/10` begins at 5 and goes on to the end. */
function boundsOf(whole: string, field: Field, hasStep: boolean): readonly (number | undefined)[] {
  if (whole === '*') return [field.from, field.to];
  const [first = '', last, ...more] = whole.split('-');
  const from = numberOf(first, field);
  if (more.length > 0) return [];
  if (last !== undefined) return [from, numberOf(last, field)];
  return [from, hasStep ? field.to : from];
}

function numberOf(text: string, { from, to, names }: Field): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return named + 1;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= from && value <= to ? value : undefined;
}
