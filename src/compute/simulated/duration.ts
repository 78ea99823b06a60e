const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

const pattern = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)$/;

/** Reads `250ms`, `1.5s`, `2m`, `1h` and a bare `0`, as milliseconds; nothing for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const { amount, unit } = pattern.exec(text)?.groups ?? {};
  if (unit !== 'ms' && unit !== 's' && unit !== 'm' && unit !== 'h') return undefined;
  return Number(amount) * unitMs[unit];
}
