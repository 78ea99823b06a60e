import type { ContainerConfiguration } from '../task-configuration.ts';

/** A text, such as the Engine's, without the values that containers are given in secret. */
export function conceal(
  text: string,
  configurations: Iterable<Pick<ContainerConfiguration, 'secrets' | 'logOptions'>>,
): string {
  const values = [...configurations].flatMap(({ secrets, logOptions }) =>
    [...secrets, ...logOptions].flatMap(([, value]) => [value, quoted(value)]),
  );
  return [...new Set(values)]
    .filter((value) => value !== '')
    .toSorted((a, b) => b.length - a.length)
    .reduce((left, value) => left.replaceAll(value, '***'), text);
}

/** As Go writes it between quotes. */
function quoted(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}
