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
    ...specs
      .filter(({ definition }) => (definition.credentialSpecs ?? []).length > 0)
      .map(({ name }) => `credentialSpecs of container ${name}`),
    ...(content.proxyConfiguration ? ['proxyConfiguration'] : []),
  ];
  return found.length === 0
    ? undefined
    : `ResourceInitializationError: not built yet in Longshore: ${found.join(', ')}`;
}
