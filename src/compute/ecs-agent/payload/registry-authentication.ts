import { ecrRegistryOf } from '../../../domain/task-definition/containers.ts';
import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { PayloadContainer } from '../frames/payload-message.ts';

/** How the agent gets at an image: a secret that is named, or ECR by the image's own name. */
export function registryAuthenticationOf(
  { image, repositoryCredentials }: ContainerDefinition,
  region: string,
  hasExecutionRole: boolean,
): PayloadContainer['registryAuthentication'] {
  const parameter = repositoryCredentials?.credentialsParameter;
  if (parameter) {
    const [arn, , , regionOfArn] = parameter.split(':');
    return {
      type: 'asm',
      asmAuthData: {
        credentialsParameter: parameter,
        region: arn === 'arn' && regionOfArn ? regionOfArn : region,
      },
    };
  }
  const registry = ecrRegistryOf(image);
  return (
    registry && { type: 'ecr', ecrAuthData: { ...registry, useExecutionRole: hasExecutionRole } }
  );
}
