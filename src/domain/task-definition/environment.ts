import type { EnvironmentFileType } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const environmentFileTypes = valuesOf<EnvironmentFileType>({ s3: true });
const maximumEnvironmentFiles = 10;

/** Variables may repeat, the last one wins; files are read when a task starts. */
export function checkEnvironment({ containerDefinitions }: TaskDefinitionContent): void {
  for (const { name } of containerDefinitions.flatMap((container) => container.environment)) {
    // [inferred wording, ECS's grammar]
    if (!name) throw clientError('Environment variable name should not be null or empty.');
  }
  const files = containerDefinitions.flatMap((container) => container.environmentFiles ?? []);
  if (files.length > maximumEnvironmentFiles) {
    throw clientError(
      'The maximum number of environment files was exceeded. Specify ten or less and try again.',
    );
  }
  for (const { type, value = '' } of files) {
    checkOneOf('Environment file type', type, environmentFileTypes);
    if (!isS3ObjectArn(value)) throw clientError('Invalid arn syntax.');
  }
}

export function isS3ObjectArn(text: string): boolean {
  return /^arn:[a-z0-9-]+:s3:::[^/]+\/./.test(text);
}
