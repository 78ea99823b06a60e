import { lastPathElement } from '../../domain/arn.ts';
import type { ContainerInspect, ContainerSummary } from './engine-types.ts';
import { installationLabel, isWarmPauseName, labelKeys, pauseName, volumeName } from './names.ts';
import type { TaskHost } from './task-host.ts';
import type { FoundTask, TaskRun } from './task-run.ts';

/**
 * Looks at all that this installation has on the Engine: gives each known task its own, takes warm
 * pause containers back into the pool, and removes the rest.
 */
export async function reconcile(
  host: TaskHost,
  networkName: string,
  runs: ReadonlyMap<string, TaskRun>,
): Promise<ReadonlyMap<string, FoundTask>> {
  const label = installationLabel(host.installationId);
  const all = await host.engine.listContainers(label);
  const unclaimed = new Map(all.map((container) => [container.Id, container]));
  const found = new Map<string, FoundTask>();
  for (const run of runs.values()) {
    const own = claim(run, all);
    for (const { Id } of [...own.apps, ...(own.pause ? [own.pause] : [])]) unclaimed.delete(Id);
    found.set(run.taskId, await examine(host, run.taskId, own));
  }

  const warm = [...unclaimed.values()].filter((container) => isWarm(host, networkName, container));
  await host.pauses.open(await Promise.all(warm.map(({ Id }) => host.engine.inspectContainer(Id))));
  for (const { Id } of warm) unclaimed.delete(Id);

  await Promise.all(
    [...unclaimed.keys()].map((id) => host.stops.run(() => host.engine.removeContainer(id))),
  );
  await removeStrayVolumes(host, label, runs);
  return found;
}

interface OwnContainers {
  readonly apps: readonly ContainerSummary[];
  readonly pause: ContainerSummary | undefined;
}

/**
 * A pause container is the task's by its name, or because containers of the task join it: a crash may have
 * come before it was renamed. Containers that have not started yet and join another are of no use.
 */
function claim(run: TaskRun, all: readonly ContainerSummary[]): OwnContainers {
  const apps = all.filter(({ Labels }) => Labels[labelKeys.taskArn] === run.order.task.arn);
  const joined = new Set(apps.map(({ HostConfig }) => HostConfig.NetworkMode));
  const pause =
    all.find((container) => nameOf(container) === pauseName(run.taskId)) ??
    all.find(({ Id }) => joined.has(`container:${Id}`));
  const usable = apps.filter(
    ({ State, HostConfig }) =>
      State !== 'created' || HostConfig.NetworkMode === `container:${pause?.Id}`,
  );
  return { apps: usable, pause };
}

async function examine(
  host: TaskHost,
  taskId: string,
  { apps, pause }: OwnContainers,
): Promise<FoundTask> {
  const containers = new Map<string, ContainerInspect>();
  for (const { Id, Labels } of apps) {
    containers.set(Labels[labelKeys.container] ?? '', await host.engine.inspectContainer(Id));
  }
  if (pause && nameOf(pause) !== pauseName(taskId)) {
    await host.engine.renameContainer(pause.Id, pauseName(taskId));
  }
  const isRunning = pause?.State === 'running';
  return { containers, pause: pause ? { id: pause.Id, isRunning } : undefined };
}

function isWarm(host: TaskHost, networkName: string, container: ContainerSummary): boolean {
  return (
    isWarmPauseName(nameOf(container)) &&
    container.State === 'running' &&
    container.Image === host.pauses.image &&
    container.HostConfig.NetworkMode === networkName
  );
}

async function removeStrayVolumes(
  host: TaskHost,
  label: string,
  runs: ReadonlyMap<string, TaskRun>,
): Promise<void> {
  const own = new Set(
    [...runs.values()].flatMap(({ order, taskId }) =>
      order.taskDefinition.content.volumes.map(({ name }) => volumeName(taskId, name ?? '')),
    ),
  );
  for (const volume of await host.engine.listVolumes(label)) {
    if (!own.has(volume)) await host.engine.removeVolume(volume);
  }
}

function nameOf({ Names }: ContainerSummary): string {
  return lastPathElement(Names[0] ?? '');
}
