import type { Instant } from './instant.ts';

const msPerDay = 86_400_000;
const daysPerEra = 146_097;
/** From the first of March of the year 0, with which the eras of 400 years begin, to 1970. */
const daysBefore1970 = 719_468;

/** An instant as events write it, `2026-09-16T09:00:00.000Z`. For the years 0 to 9999. */
export function isoInstant(instant: Instant): string {
  const day = Math.floor(instant / msPerDay);
  const ms = instant - day * msPerDay;
  const seconds = Math.floor(ms / 1000);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${isoDay(day)}T${time.map(twoDigits).join(':')}.${String(ms % 1000).padStart(3, '0')}Z`;
}

/** The same without its fraction, as the envelope of an event has it. */
export function isoSecond(instant: Instant): string {
  return isoInstant(instant).replace(/\.\d+/, '');
}

/** A civil date from days since 1970. Years begin in March here, so that a leap day is a year's last. */
function isoDay(daysSince1970: number): string {
  const days = daysSince1970 + daysBefore1970;
  const era = Math.floor(days / daysPerEra);
  const dayOfEra = days - era * daysPerEra;
  const leaps =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  const date = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(date)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
