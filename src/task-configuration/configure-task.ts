/** Finds what the containers of a task only point to: start here. */
import type { Secret } from '@aws-sdk/client-ecs';
import type { TaskOrder } from '../compute/compute.ts';
import {
  ConfigurationUnavailable,
  type ConfigureTask,
  type ContainerConfiguration,
  type Variable,
} from '../compute/task-configuration.ts';
import { scopeOfArn } from '../domain/arn.ts';
import type { RegistryCredentials } from '../domain/secret/registry-credentials.ts';
import { valueHasNul } from '../domain/secret/retrieval-failure.ts';
import { ecrRegistryOf } from '../domain/task-definition/containers.ts';
import type { ContainerDefinition } from '../domain/task-definition/task-definition.ts';
import { allContainers } from '../domain/service-connect/proxy-container.ts';
import type { Logger } from '../support/logger.ts';
import { readFiles } from './environment-files.ts';
import { readRouterFile } from './router-file.ts';
import { readCredentials, readToken, readValues, Unretrieved } from './secret-values.ts';
import type { Asker, ValueSource } from './value-source.ts';

/** [inferred wording] */
const internalError =
  'ResourceInitializationError: unable to pull secrets or registry auth: internal error';

/** Reads the values of tasks from a source, as the execution role of each. */
export function taskConfigurer(source: ValueSource, log: Logger): ConfigureTask {
  return async (order) => {
    try {
      return await configurations(source, order);
    } catch (error) {
      if (!(error instanceof Unretrieved)) {
        log.error(
          { error, taskArn: order.task.arn },
          'The configuration of a task cannot be read.',
        );
        throw new ConfigurationUnavailable(internalError);
      }
      const { onFargate, onInstance } = error.failure;
      const isOnFargate = order.task.launchType === 'FARGATE';
      throw new ConfigurationUnavailable(isOnFargate ? onFargate : onInstance);
    }
  };
}

async function configurations(
  source: ValueSource,
  { task, taskDefinition }: TaskOrder,
): Promise<ReadonlyMap<string, ContainerConfiguration>> {
  const { content } = taskDefinition;
  const asker: Asker = {
    scope: scopeOfArn(task.arn),
    taskArn: task.arn,
    executionRoleArn: task.overrides.executionRoleArn ?? content.executionRoleArn,
  };
  const containers = allContainers(content, task);
  const references = containers.flatMap((container) =>
    [...secretsOf(container), ...logSecretsOf(container)].map(({ valueFrom = '' }) => valueFrom),
  );
  const values = await readValues(source, asker, references);
  const found = containers.map(async (container): Promise<[string, ContainerConfiguration]> => {
    const files = (container.environmentFiles ?? []).map(({ value = '' }) => value);
    return [
      container.name,
      {
        fileVariables: [...(await readFiles(source, asker, files))].map(checked),
        secrets: variables(secretsOf(container), values),
        logOptions: variables(logSecretsOf(container), values),
        routerFile: await readRouterFile(source, asker, container),
        registry: await registryOf(source, asker, container),
      },
    ];
  });
  return new Map(await Promise.all(found));
}

/** A secret that is named, or what ECR gives for its own registries. */
async function registryOf(
  source: ValueSource,
  asker: Asker,
  { image, repositoryCredentials }: ContainerDefinition,
): Promise<RegistryCredentials | undefined> {
  const parameter = repositoryCredentials?.credentialsParameter;
  if (parameter) return readCredentials(source, asker, parameter);
  const registry = ecrRegistryOf(image);
  return registry && readToken(source, asker, registry);
}

function secretsOf({ secrets }: ContainerDefinition): readonly Secret[] {
  return secrets ?? [];
}

function logSecretsOf({ logConfiguration }: ContainerDefinition): readonly Secret[] {
  return logConfiguration?.secretOptions ?? [];
}

function variables(
  secrets: readonly Secret[],
  values: ReadonlyMap<string, string>,
): readonly Variable[] {
  return secrets.map(({ name = '', valueFrom = '' }) =>
    checked([name, values.get(valueFrom) ?? '']),
  );
}

function checked(variable: Variable): Variable {
  const [name, value] = variable;
  if (name.includes('\0') || value.includes('\0')) throw new Unretrieved(valueHasNul(name));
  return variable;
}
