import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { PayloadContainer } from '../frames/payload-message.ts';

const ecrImage = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\//;

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
  const [, registryId, registryRegion] = ecrImage.exec(image) ?? [];
  if (registryId === undefined || registryRegion === undefined) return undefined;
  return {
    type: 'ecr',
    ecrAuthData: { registryId, region: registryRegion, useExecutionRole: hasExecutionRole },
  };
}
