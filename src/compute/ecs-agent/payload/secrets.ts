import type { Secret } from '@aws-sdk/client-ecs';
import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { PayloadContainer } from '../frames/payload-message.ts';

type PayloadSecret = NonNullable<PayloadContainer['secrets']>[number];

/** Where the agent finds the container's secrets, and those of its log driver. Their values never pass through here. */
export function secretsOf(
  container: ContainerDefinition,
  region: string,
): readonly PayloadSecret[] {
  const { secrets = [], logConfiguration } = container;
  return [
    ...secrets.map((secret) => secretOf(secret, region, 'CONTAINER')),
    ...(logConfiguration?.secretOptions ?? []).map((s) => secretOf(s, region, 'LOG_DRIVER')),
  ];
}

/** An ARN names its region; a bare name is a parameter of the task's own. */
function secretOf(
  { name = '', valueFrom = '' }: Secret,
  region: string,
  target: 'CONTAINER' | 'LOG_DRIVER',
): PayloadSecret {
  const [arn, , service, regionOfArn] = valueFrom.split(':');
  return {
    name,
    valueFrom,
    region: arn === 'arn' && regionOfArn ? regionOfArn : region,
    provider: service === 'secretsmanager' ? 'asm' : 'ssm',
    type: 'ENVIRONMENT_VARIABLE',
    target,
  };
}
