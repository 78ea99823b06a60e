import { clientError } from '../errors.ts';
import { isWellFormedName } from './family.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const maximumContainers = 10;
const longestImage = 255;
const imageCharacters = /^[A-Za-z0-9\-_:./#@]+$/;
const ecrRegistry =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\//;

export function checkContainerCount(count: number): void {
  if (count === 0) throw clientError('Container list cannot be empty.');
  if (count > maximumContainers) throw clientError('Too many containers.');
}

/** Names and images. Whether an image exists is found out when a task pulls it. */
export function checkContainers({ containerDefinitions }: TaskDefinitionContent): void {
  const names = new Set<string>();
  for (const container of containerDefinitions) {
    checkName(container);
    checkImage(container);
    if (names.has(container.name)) {
      throw clientError('Container names must be unique within a task definition');
    }
    names.add(container.name);
  }
}

function checkName({ name }: ContainerDefinition): void {
  if (name === '') throw clientError('Container.name should not be null or empty.');
  if (!isWellFormedName(name)) throw clientError('Container.name contains invalid characters.');
}

function checkImage({ image }: ContainerDefinition): void {
  if (image === '') throw clientError('Container.image should not be null or empty.');
  if (!imageCharacters.test(image)) {
    throw clientError('Container.image contains invalid characters.');
  }
  // A digest does not count towards the length of an image's name.
  const [nameAndTag = ''] = image.split('@', 1);
  if (nameAndTag.length > longestImage) throw imageTooLong();
}

/** [inferred wording] */
function imageTooLong(): Error {
  return clientError(`Container.image must be less than or equal to ${longestImage} characters.`);
}

export function checkEssentialContainer({ containerDefinitions }: TaskDefinitionContent): void {
  if (containerDefinitions.some((container) => container.essential)) return;
  throw clientError("Task definition doesn't have any essential container.");
}

/** A private registry of ECR: an account's, in a region. */
export interface EcrRegistry {
  readonly registryId: string;
  readonly region: string;
}

/** The private ECR registry that an image is in; undefined where it is in another one. */
export function ecrRegistryOf(image: string): EcrRegistry | undefined {
  const [, registryId, region] = ecrRegistry.exec(image) ?? [];
  if (registryId === undefined || region === undefined) return undefined;
  return { registryId, region };
}

/** Images of private ECR registries, which only an execution role or an instance role can pull. */
export function isEcrImage(image: string): boolean {
  return ecrRegistryOf(image) !== undefined;
}
