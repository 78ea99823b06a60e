import type { Cluster } from '../../domain/cluster/cluster.ts';
import { parseContainerInstanceRef } from '../../domain/container-instance/container-instance-ref.ts';
import type { ContainerInstance } from '../../domain/container-instance/container-instance.ts';
import { instanceNotFound } from '../../domain/container-instance/instance-life.ts';
import { invalidParameter } from '../../domain/errors.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/** @throws EcsError ClientException */
export function requireContainerInstance(
  tables: ReadonlyTables,
  cluster: Cluster,
  ref: string | undefined,
): ContainerInstance {
  // [inferred text]
  if (!ref) throw invalidParameter('Container instance can not be blank.');
  const arn = parseContainerInstanceRef(cluster.arn, ref);
  const instance = tables.containerInstances.findByArn(arn);
  if (!instance) throw instanceNotFound(arn);
  return instance;
}
