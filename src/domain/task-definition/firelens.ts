import type { FirelensConfiguration, FirelensConfigurationType } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { isS3ObjectArn } from './environment.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const logRouters = valuesOf<FirelensConfigurationType>({ fluentd: true, fluentbit: true });
const configFileTypes: readonly string[] = ['s3', 'file'];

/** FireLens: one container routes the logs of those whose driver is `awsfirelens`. */
export function checkFirelens({ containerDefinitions }: TaskDefinitionContent): void {
  const routers = containerDefinitions.flatMap((c) => c.firelensConfiguration ?? []);
  if (routers.length > 1) {
    // [inferred wording]
    throw clientError('Only one container in a task definition can have firelensConfiguration.');
  }
  for (const router of routers) checkRouter(router);
  const isUsed = containerDefinitions.some((c) => c.logConfiguration?.logDriver === 'awsfirelens');
  if (!isUsed || routers.length > 0) return;
  throw clientError(
    'When awsfirelens log driver is specified in log configuration, a firelens configuration ' +
      'object must be configured in one of the containers.',
  );
}

function checkRouter({ type, options = {} }: FirelensConfiguration): void {
  checkOneOf('Firelens configuration type', type, logRouters);
  const fileType = options['config-file-type'];
  checkOneOf('config-file-type', fileType, configFileTypes);
  if (fileType === 's3' && !isS3ObjectArn(options['config-file-value'] ?? '')) {
    throw clientError('Invalid arn syntax.');
  }
}
