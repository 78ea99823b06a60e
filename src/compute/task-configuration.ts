import { routerFileArn } from '../domain/firelens/plan-routing.ts';
import type { RegistryCredentials } from '../domain/secret/registry-credentials.ts';
import { isEcrImage } from '../domain/task-definition/containers.ts';
import type { ContainerDefinition } from '../domain/task-definition/task-definition.ts';
import type { TaskOrder } from './compute.ts';

export type Variable = readonly [name: string, value: string];

/** What a container's definition only points to. It is held in memory, and shown nowhere but in the container. */
export interface ContainerConfiguration {
  /** Those of environment files: the definition's own variables come before them. */
  readonly fileVariables: readonly Variable[];
  readonly secrets: readonly Variable[];
  readonly logOptions: readonly Variable[];
  /** The text of the file that a log router is configured with, where that is in S3. */
  readonly routerFile: string | undefined;
  /** What the registry of its image asks for. */
  readonly registry: RegistryCredentials | undefined;
}

/**
 * Finds what the containers of a task point to, by their names.
 * @throws ConfigurationUnavailable
 */
export type ConfigureTask = (
  order: TaskOrder,
) => Promise<ReadonlyMap<string, ContainerConfiguration>>;

/** The message is ECS's reason; it never has a value in it. */
export class ConfigurationUnavailable extends Error {}

/** Where nothing is found for anyone. */
export const configureNothing: ConfigureTask = async () => {
  throw new ConfigurationUnavailable(
    'ResourceInitializationError: unable to pull secrets or registry auth: there is no source of them',
  );
};

/** Whether a container points to anything. */
export function needsConfiguration(definition: ContainerDefinition): boolean {
  const { secrets, environmentFiles, logConfiguration } = definition;
  if (definition.repositoryCredentials?.credentialsParameter) return true;
  if (routerFileArn(definition) !== undefined || isEcrImage(definition.image)) return true;
  const lists = [secrets, environmentFiles, logConfiguration?.secretOptions];
  return lists.some((list) => (list ?? []).length > 0);
}
