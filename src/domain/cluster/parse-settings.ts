import type { ClusterSetting } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { ContainerInsights } from './cluster.ts';

/**
 * The effective containerInsights value: the last one given, else `otherwise`.
 * @throws EcsError InvalidParameterException for another name or value
 */
export function parseSettings(
  given: readonly ClusterSetting[] | undefined,
  otherwise: ContainerInsights,
): ContainerInsights {
  let value = otherwise;
  for (const setting of given ?? []) {
    if (setting.name !== 'containerInsights') throw invalidParameter("Invalid setting 'name'");
    value = parseValue(setting.value);
  }
  return value;
}

function parseValue(value: string | undefined): ContainerInsights {
  if (value === 'enabled' || value === 'disabled' || value === 'enhanced') return value;
  throw invalidParameter("Invalid setting 'value'");
}
