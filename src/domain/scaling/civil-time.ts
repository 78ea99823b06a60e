import type { Instant } from '../instant.ts';

const msPerMinute = 60_000;
export const msPerDay = 86_400_000;

/** A date and a time of day, as clocks on a wall show them. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The instant at which it is that time in UTC. */
export function utcInstant({ year, month, day, hour, minute, second }: CivilTime): Instant {
  const days = daysSince1970(year, month, day);
  return days * msPerDay + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** Days from 1970 to a date of the Gregorian calendar. Years begin in March here: a leap day is the last of one. */
export function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const monthFromMarch = (month + 9) % 12;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return 365 * marchYear + leapDays + Math.floor((153 * monthFromMarch + 2) / 5) + day - 719_469;
}

export function daysInMonth(year: number, month: number): number {
  const next = month === 12 ? daysSince1970(year + 1, 1, 1) : daysSince1970(year, month + 1, 1);
  return next - daysSince1970(year, month, 1);
}

/** 1 is Sunday, 7 is Saturday. */
export function dayOfWeek(year: number, month: number, day: number): number {
  return ((((daysSince1970(year, month, day) + 4) % 7) + 7) % 7) + 1;
}

/** A time zone of the IANA, such as `Europe/Paris`. */
export class TimeZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;

  /** @throws RangeError where there is no such time zone */
  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  civilTime(instant: Instant): CivilTime {
    const parts = new Map(
      this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
    };
  }

  /**
   * When it is that time there. A time that clocks pass twice is taken the first time; one that they skip is taken as
   * late as if they had not.
   */
  instant(time: CivilTime): Instant {
    const asUtc = utcInstant(time);
    const before = asUtc - this.#offsetMs(asUtc - msPerDay);
    const after = asUtc - this.#offsetMs(asUtc + msPerDay);
    const matching = [before, after].filter((one) => this.#shows(one, asUtc));
    return matching.length > 0 ? Math.min(...matching) : before;
  }

  /** Clocks are no less than this ahead of UTC around a day: no time of it is later than that makes it. */
  leastOffsetMs(day: Pick<CivilTime, 'year' | 'month' | 'day'>): number {
    const midnight = utcInstant({ ...day, hour: 0, minute: 0, second: 0 });
    const before = this.#offsetMs(midnight - msPerDay);
    return Math.min(before, this.#offsetMs(midnight + 2 * msPerDay));
  }

  #shows(instant: Instant, asUtc: Instant): boolean {
    return Math.abs(utcInstant(this.civilTime(instant)) - asUtc) < msPerMinute;
  }

  #offsetMs(instant: Instant): number {
    const seconds = Math.floor(instant / 1000) * 1000;
    return utcInstant(this.civilTime(seconds)) - seconds;
  }
}
