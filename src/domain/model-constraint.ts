/**
 * The words of AWS's checks that come from a service's model. A value that is secret is not shown.
 */
export function constraintText(
  member: string,
  value: string | undefined | typeof hidden,
  constraint: string,
): string {
  return (
    `1 validation error detected: Value${shown(value)} at '${member}' failed to satisfy constraint: ` +
    `Member must ${constraint}`
  );
}

/** Stands for a value that must not be repeated. */
export const hidden = Symbol('hidden');

function shown(value: string | undefined | typeof hidden): string {
  if (value === hidden) return '';
  return value === undefined ? ' null' : ` '${value}'`;
}
