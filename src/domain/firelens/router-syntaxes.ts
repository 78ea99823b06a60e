import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { fluentBit } from './fluent-bit.ts';
import { fluentd } from './fluentd.ts';
import type { RouterSyntax } from './router-syntax.ts';

/** How a log router is configured. */
export function syntaxOf({ firelensConfiguration }: ContainerDefinition): RouterSyntax {
  return firelensConfiguration?.type === 'fluentd' ? fluentd : fluentBit;
}
