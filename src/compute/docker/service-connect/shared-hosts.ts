import { hostEntriesOf } from '../../../domain/service-connect/virtual-addresses.ts';
import type { TaskOrder } from '../../compute.ts';
import type { PauseSetting } from '../pauses.ts';

/** The names of Service Connect: containers that join the namespace of another have its /etc/hosts as well. */
export function sharedHosts({
  task: { serviceConnect },
}: TaskOrder): Pick<PauseSetting, 'extraHosts'> {
  const entries = hostEntriesOf(serviceConnect?.setting.reaches ?? []);
  if (entries.length === 0) return {};
  return { extraHosts: entries.map(({ name, address }) => `${name}:${address}`) };
}
