import type { ContainerDefinition } from '../task-definition/task-definition.ts';
import type { Container, Task } from '../task/task.ts';
import { withDeployment, type Draft } from './service-plan.ts';
import { belongsTo } from './service-tasks.ts';
import type { ContainerImage, Deployment, ServiceRevision } from './service.ts';

/** After so many tasks in a row that did not start, the others are started without a digest. */
const failuresBeforeGivingUp = 3;

/** The image of a container as a new revision has it: a name with a digest says all there is. */
export function containerImage({
  name,
  image,
  versionConsistency,
}: ContainerDefinition): ContainerImage {
  const [, imageDigest] = image.split('@', 2);
  return {
    containerName: name,
    image,
    ...(imageDigest !== undefined && { imageDigest }),
    ...(versionConsistency === 'disabled' && { isUnpinned: true }),
  };
}

/** Notes which images the tags of a revision stood for when its first task pulled them. */
export function pinImages(draft: Draft): Draft {
  let next = draft;
  for (const deployment of draft.service.deployments) {
    if (!deployment.revision.containerImages.some(isUnresolved)) continue;
    const tasks = draft.tasks.filter((task) => belongsTo(task, deployment));
    const containerImages = resolvedImages(deployment.revision.containerImages, tasks);
    if (containerImages === deployment.revision.containerImages) continue;
    const revision = { ...deployment.revision, containerImages };
    next = withDeployment(next, { ...deployment, revision });
  }
  return next;
}

/** The same images, with what the tasks of their revision tell of them; the given list where that is nothing new. */
export function resolvedImages(
  images: readonly ContainerImage[],
  tasks: readonly Task[],
): readonly ContainerImage[] {
  const resolved = images.map((image) => (isUnresolved(image) ? resolvedBy(image, tasks) : image));
  return resolved.every((one, i) => one === images[i]) ? images : resolved;
}

function isUnresolved({ imageDigest, isUnpinned }: ContainerImage): boolean {
  return imageDigest === undefined && !isUnpinned;
}

/** Tasks are in the order of their creation: the first that knows it decides. */
function resolvedBy(image: ContainerImage, tasks: readonly Task[]): ContainerImage {
  for (const { containers } of tasks) {
    const container = containers.find(({ name }) => name === image.containerName);
    const imageDigest = container && identityOf(container);
    if (imageDigest !== undefined) return { ...image, imageDigest };
  }
  return image;
}

/** An image that no registry knows is told by its id on its host. */
function identityOf({ imageDigest, imageId }: Container): string | undefined {
  return imageDigest ?? imageId;
}

/**
 * Whether the first task of a deployment is still to tell which images are meant: until then it is the
 * only one (Developer Guide, "Container image resolution").
 */
export function awaitsImages(deployment: Deployment): boolean {
  return isUnresolvedYet(deployment) && deployment.startFailures < failuresBeforeGivingUp;
}

/** Whether nobody could tell which images are meant: this ends a deployment that has a circuit breaker. */
export function lacksImages(deployment: Deployment): boolean {
  return isUnresolvedYet(deployment) && deployment.startFailures >= failuresBeforeGivingUp;
}

/** What ran without telling will not tell later. */
function isUnresolvedYet({ revision, lastStartAt }: Deployment): boolean {
  return lastStartAt === undefined && revision.containerImages.some(isUnresolved);
}

/**
 * A deployment that is done without a task has found nobody to tell which images are meant: what it starts later pulls what
 * tags mean then, until the next deployment (Developer Guide, "Container image resolution").
 */
export function withoutPins(deployment: Deployment): Deployment {
  if (!isUnresolvedYet(deployment)) return deployment;
  const { revision } = deployment;
  const containerImages = revision.containerImages.map((image): ContainerImage =>
    isUnresolved(image) ? { ...image, isUnpinned: true } : image,
  );
  return { ...deployment, revision: { ...revision, containerImages } };
}

/** A task whose containers run what the revision's first one ran, whatever its tags mean by now. */
export function withPinnedImages(
  task: Task,
  { containerImages }: Pick<ServiceRevision, 'containerImages'>,
): Task {
  const containers = task.containers.map((container): Container => {
    const image = containerImages.find(({ containerName }) => containerName === container.name);
    if (image?.imageDigest === undefined || image.isUnpinned) return container;
    return { ...container, pinnedDigest: image.imageDigest };
  });
  return { ...task, containers };
}
