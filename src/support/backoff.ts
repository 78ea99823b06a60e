export interface BackoffLimits {
  readonly firstMilliseconds: number;
  readonly longestMilliseconds: number;
}

/**
 * How long to wait after a number of failures in a row: doubling, bounded, and shortened by up to
 * half at random so that those who failed together do not return together.
 * @param random gives numbers from 0 up to 1
 */
export function backoffMilliseconds(
  failures: number,
  { firstMilliseconds, longestMilliseconds }: BackoffLimits,
  random: () => number,
): number {
  // 2 to a large power is Infinity, which the bound takes care of.
  const doubled = firstMilliseconds * 2 ** Math.max(0, failures - 1);
  const bounded = Math.min(doubled, longestMilliseconds);
  return Math.ceil(bounded * (1 - random() / 2));
}
