import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import type { TaskOrder } from '../compute.ts';
import type { ContainerSpec } from './container-spec.ts';

/**
 * Why a task cannot be started here, where its definition asks for something that is not built yet:
 * that is never passed over in silence.
 */
export function unsupportedReason(
  order: TaskOrder,
  specs: readonly ContainerSpec[],
): string | undefined {
  const { content } = order.taskDefinition;
  const found = [
    ...specs.flatMap(({ name, definition }) =>
      containerFeatures(definition).map((feature) => `${feature} of container ${name}`),
    ),
    ...(content.proxyConfiguration ? ['proxyConfiguration'] : []),
  ];
  return found.length === 0
    ? undefined
    : `ResourceInitializationError: not built yet in Longshore: ${found.join(', ')}`;
}

function containerFeatures(definition: ContainerDefinition): string[] {
  const { logConfiguration } = definition;
  const features: readonly (readonly [string, boolean])[] = [
    ['firelensConfiguration', definition.firelensConfiguration !== undefined],
    ['credentialSpecs', isFilled(definition.credentialSpecs)],
    ['log driver awsfirelens', logConfiguration?.logDriver === 'awsfirelens'],
  ];
  return features.filter(([, used]) => used).map(([name]) => name);
}

function isFilled(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}
