import type { ClusterSetting } from '@aws-sdk/client-ecs';
import { invalidSettingValue } from '../account-setting/account-setting.ts';
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
    value = parseContainerInsights(setting.value);
  }
  return value;
}

/** @throws EcsError InvalidParameterException */
export function parseContainerInsights(value: string | undefined): ContainerInsights {
  if (value === 'enabled' || value === 'disabled' || value === 'enhanced') return value;
  throw invalidSettingValue();
}
