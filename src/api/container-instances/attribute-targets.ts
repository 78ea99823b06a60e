import type { Attribute as WireAttribute } from '@aws-sdk/client-ecs';
import { isArn } from '../../domain/arn.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import {
  maximumAttributesPerCall,
  targetNotFound,
} from '../../domain/container-instance/attributes.ts';
import { parseContainerInstanceRef } from '../../domain/container-instance/container-instance-ref.ts';
import type { ContainerInstance } from '../../domain/container-instance/container-instance.ts';
import { invalidParameter } from '../../domain/errors.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/**
 * Checks the list of attributes of a call. [inferred texts]
 * @throws EcsError InvalidParameterException
 */
export function requireAttributes(
  given: readonly WireAttribute[] | undefined,
): readonly WireAttribute[] {
  if (!given || given.length === 0) throw invalidParameter('Attributes can not be empty.');
  if (given.length > maximumAttributesPerCall) {
    throw invalidParameter(`attributes can have at most ${maximumAttributesPerCall} items.`);
  }
  return given;
}

/** @throws EcsError InvalidParameterException [inferred texts] */
export function checkTargetType(targetType: string | undefined): void {
  if (targetType === 'container-instance') return;
  throw invalidParameter('targetType should be one of [container-instance]');
}

/**
 * The instance that an attribute is of. A bare id must be said to be one of an instance.
 * @throws EcsError TargetNotFoundException
 */
export function requireTarget(
  tables: ReadonlyTables,
  cluster: Cluster,
  { targetId, targetType }: WireAttribute,
): ContainerInstance {
  if (!targetId) throw targetNotFound();
  if (targetType !== undefined || !isArn(targetId)) checkTargetType(targetType);
  const arn = parseContainerInstanceRef(cluster.arn, targetId);
  const instance = tables.containerInstances.findByArn(arn);
  if (!instance || instance.status === 'INACTIVE') throw targetNotFound();
  return instance;
}
