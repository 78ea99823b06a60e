import type { ClientAlias } from './service-connect.ts';

/** What aliases are addresses of, in each task: the loopback answers for all of it. */
export const virtualRange = '127.255.0.0/16';

/** @param index counted from 1 */
export function virtualAddress(index: number): string {
  return `127.255.${index >> 8}.${index & 0xff}`;
}

/** A line of /etc/hosts. */
export interface HostEntry {
  readonly name: string;
  readonly address: string;
}

/** One for each alias, in their order. */
export function hostEntriesOf(aliases: readonly ClientAlias[]): readonly HostEntry[] {
  return aliases.map(({ dnsName: name }, index) => ({ name, address: virtualAddress(index + 1) }));
}
