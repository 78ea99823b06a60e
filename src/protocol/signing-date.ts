const basicFormat = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Reads a date as signatures have it, `20260916T093000Z`, or as the Date header does. */
export function parseSigningDate(date: string): number | undefined {
  const extended = date.replace(basicFormat, '$1-$2-$3T$4:$5:$6Z');
  if (extended === date && !date.endsWith('GMT')) return undefined;
  const instant = Date.parse(extended);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Writes an instant, in milliseconds since the Unix epoch, as signatures have it. */
export function signingDate(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
