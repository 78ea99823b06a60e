import type { Instant } from '../instant.ts';
import { TimeZone, daysInMonth, msPerDay } from './civil-time.ts';
import { nextCronTime, parseCron, type CronExpression } from './cron-expression.ts';
import { scalingValidation } from './scaling-error.ts';

const unitMs: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 60 * 60_000,
  day: msPerDay,
};

/** When a scheduled action is done. */
export type Schedule =
  | { readonly kind: 'At'; readonly at: Instant }
  | { readonly kind: 'Rate'; readonly everyMs: number }
  | { readonly kind: 'Cron'; readonly expression: CronExpression; readonly zone: TimeZone };

/** @throws ScalingError ValidationException */
export function parseSchedule(text: string, timeZone: string | undefined): Schedule {
  const zone = parseZone(timeZone ?? 'UTC');
  const [, kind, inner = ''] = /^(at|rate|cron)\(([^()]*)\)$/.exec(text.trim()) ?? [];
  if (kind === 'at') return parseAt(text, inner, zone);
  if (kind === 'rate') return parseRate(text, inner, timeZone);
  const expression = kind === 'cron' ? parseCron(inner) : undefined;
  if (!expression) throw invalidSchedule(text);
  return { kind: 'Cron', expression, zone };
}

/** @param from since when a rate is counted */
export function nextTime(schedule: Schedule, after: Instant, from: Instant): Instant | undefined {
  switch (schedule.kind) {
    case 'At':
      return schedule.at > after ? schedule.at : undefined;
    case 'Rate': {
      const { everyMs } = schedule;
      const rounds = Math.max(1, Math.floor((after - from) / everyMs) + 1);
      return from + rounds * everyMs;
    }
    case 'Cron':
      return nextCronTime(schedule.expression, schedule.zone, after);
  }
}

function parseZone(name: string): TimeZone {
  // An offset such as +05:00 is a zone to the runtime, but none of the IANA's.
  if (/^[+-]/.test(name)) throw invalidZone(name);
  try {
    return new TimeZone(name);
  } catch (error) {
    if (error instanceof RangeError) throw invalidZone(name);
    throw error;
  }
}

function parseAt(text: string, inner: string, zone: TimeZone): Schedule {
  const shape = /^(\d{4})-(0[1-9]|1[0-2])-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/;
  const parts = shape.exec(inner)?.slice(1).map(Number);
  if (!parts) throw invalidSchedule(text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (day < 1 || day > daysInMonth(year, month)) throw invalidSchedule(text);
  return { kind: 'At', at: zone.instant({ year, month, day, hour, minute, second }) };
}

function parseRate(text: string, inner: string, timeZone: string | undefined): Schedule {
  const [, count = '', unit = '', plural] = /^(\d{1,9}) +(minute|hour|day)(s?)$/.exec(inner) ?? [];
  const perUnit = unitMs[unit];
  const isNumber = Number(count) > 0 && (plural === 's' || Number(count) === 1);
  if (perUnit === undefined || !isNumber) throw invalidSchedule(text);
  if (timeZone !== undefined) throw zoneOfRate();
  return { kind: 'Rate', everyMs: Number(count) * perUnit };
}

// The texts below are [inferred].

function invalidSchedule(text: string): Error {
  return scalingValidation(`Schedule expression is invalid: ${text}`);
}

function invalidZone(name: string): Error {
  return scalingValidation(`Timezone is invalid: ${name}`);
}

function zoneOfRate(): Error {
  return scalingValidation('A time zone is only for schedules with at and cron expressions');
}
