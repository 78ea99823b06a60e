const basicFormat = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** When a request was signed: in milliseconds since the Unix epoch, and as signatures write it. */
export interface SigningDate {
  readonly instant: number;
  readonly text: string;
}

/** Dates have whole seconds, so that most requests have the same one as the request before. */
let latest: { readonly date: string; readonly parsed: SigningDate | undefined } | undefined;

/** Reads a date as signatures have it, `20260916T093000Z`, or as the Date header does. */
export function parseSigningDate(date: string): SigningDate | undefined {
  if (latest?.date !== date) latest = { date, parsed: parse(date) };
  return latest.parsed;
}

function parse(date: string): SigningDate | undefined {
  const extended = date.replace(basicFormat, '$1-$2-$3T$4:$5:$6Z');
  const isBasic = extended !== date;
  if (!isBasic && !date.endsWith('GMT')) return undefined;
  const instant = Date.parse(extended);
  if (Number.isNaN(instant)) return undefined;
  return { instant, text: isBasic ? date : writeSigningDate(instant) };
}

export function writeSigningDate(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}
