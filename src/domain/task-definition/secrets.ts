import type { Secret } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { isArn } from '../arn.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const longestParameterName = 2048;
const parameterNameCharacters = /^[A-Za-z0-9_.\-/]+$/;

/** Only names are looked at: secrets are fetched when a task starts, by the execution role. */
export function checkSecrets(content: TaskDefinitionContent): void {
  for (const container of content.containerDefinitions) {
    const { environment, secrets = [], logConfiguration } = container;
    checkUnique(secrets);
    checkNotInEnvironment(secrets, environment);
    for (const secret of [...secrets, ...(logConfiguration?.secretOptions ?? [])]) {
      checkSecret(secret);
    }
    if (content.executionRoleArn === undefined) checkNeedsNoRole(container);
  }
}

function checkUnique(secrets: readonly Secret[]): void {
  const seen = new Set<string | undefined>();
  const repeated = new Set<string | undefined>();
  for (const { name } of secrets) (seen.has(name) ? repeated : seen).add(name);
  if (repeated.size === 0) return;
  throw clientError(
    `Duplicate secret names found: ${[...repeated].join(', ')}. Each secret name must be unique.`,
  );
}

function checkNotInEnvironment(
  secrets: readonly Secret[],
  environment: ContainerDefinition['environment'],
): void {
  if (secrets.length === 0) return;
  const names = new Set(secrets.map(({ name }) => name));
  const taken = new Set<string | undefined>();
  for (const { name } of environment) if (names.has(name)) taken.add(name);
  const shared = secrets.find(({ name }) => taken.has(name));
  if (shared !== undefined) throw clientError(sharedSecretName(shared.name ?? ''));
}

/** RunTask refuses an override's environment in the same words. */
export function sharedSecretName(name: string): string {
  return (
    'The secret name must be unique and not shared with any new or existing ' +
    `environment variables set on the container, such as '${name}'.`
  );
}

/** A value that is no ARN names a parameter of the same account and region. */
function checkSecret({ name, valueFrom = '' }: Secret): void {
  // [inferred wording, ECS's grammar]
  if (!name) throw clientError('Secret name should not be null or empty.');
  if (isArn(valueFrom)) return;
  if (valueFrom.length <= longestParameterName && parameterNameCharacters.test(valueFrom)) return;
  throw clientError(
    `The Systems Manager parameter name specified for secret ${name} is invalid. ` +
      `The parameter name can be up to ${longestParameterName} characters and include ` +
      'the following letters and symbols: a-zA-Z0-9_.-',
  );
}

/** [inferred for all but container secrets] */
function checkNeedsNoRole(container: ContainerDefinition): void {
  const { secrets, logConfiguration, repositoryCredentials } = container;
  if (secrets?.length) throw needsExecutionRole('container secrets');
  if (logConfiguration?.secretOptions?.length) throw needsExecutionRole('log driver secrets');
  if (repositoryCredentials) throw needsExecutionRole('repository credentials');
}

function needsExecutionRole(what: string): Error {
  return clientError(
    `When you are specifying ${what}, you must also specify a value for 'executionRoleArn'.`,
  );
}
