import { violatedConstraint } from './log-error.ts';

/** Days for which CloudWatch Logs can be told to keep events. */
const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** @throws LogError InvalidParameterException */
export function parseRetentionDays(days: number | undefined): number {
  if (days !== undefined && retentionDays.includes(days)) return days;
  const constraint = `satisfy enum value set: [${retentionDays.join(', ')}]`;
  throw violatedConstraint('retentionInDays', days === undefined ? days : String(days), constraint);
}
