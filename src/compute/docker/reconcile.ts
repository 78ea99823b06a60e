import { orLeave } from './container-calls.ts';
import type { ContainerInspect, ContainerSummary } from './engine-types.ts';
import { installationLabel, labelKeys, ownVolumeNames } from './names.ts';
import { isProxyOf } from './service-connect/proxies.ts';
import type { TaskHost } from './task-host.ts';
import type { FoundTask } from './start-up.ts';
import type { TaskRun } from './task-run.ts';

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
  // What is still being made for the pool would be found, and be added once more when it is ready.
  await host.pauses.settle();
  const all = await host.engine.listContainers(label);
  const unclaimed = new Map(all.map((container) => [container.Id, container]));
  const found = new Map<string, FoundTask>();
  for (const run of runs.values()) {
    const own = claim(run, all, networkName);
    for (const { Id } of [...own.apps, ...(own.pause ? [own.pause] : [])]) unclaimed.delete(Id);
    found.set(run.taskId, await examine(host, own));
  }

  const joined = new Set(all.map(({ HostConfig }) => HostConfig.NetworkMode));
  const pauses = [...unclaimed.values()].filter(
    (container) => isPause(container) && !joined.has(`container:${container.Id}`),
  );
  const inspected = await Promise.all(pauses.map(({ Id }) => host.engine.inspectContainer(Id)));
  const warm = inspected.filter(
    (pause) => networkName in pause.NetworkSettings.Networks && host.pauses.isWarm(pause),
  );
  for (const { Id } of warm) unclaimed.delete(Id);
  await host.pauses.open(warm);

  await Promise.all(
    [...unclaimed.keys()].map((id) =>
      host.stops.run(() => orLeave(host, id, () => host.engine.removeContainer(id))),
    ),
  );
  await host.bounds.sweep(new Set(runs.keys()));
  await removeStrayVolumes(host, label, runs);
  const volumes = [...runs.values()].flatMap(({ order }) => order.task.managedVolume ?? []);
  await host.managedVolumes.sweep(new Set(volumes.map(({ volumeId }) => volumeId)));
  return found;
}

interface OwnContainers {
  readonly apps: readonly ContainerSummary[];
  readonly pause: ContainerSummary | undefined;
}

/**
 * A pause container is the task's because containers of the task join it, or because the task has
 * been given its address. Containers that have not started yet and join another are of no use; those of a task that has no
 * pause container join none.
 */
function claim(
  { order }: TaskRun,
  all: readonly ContainerSummary[],
  networkName: string,
): OwnContainers {
  const apps = all.filter(
    ({ Labels }) =>
      Labels[labelKeys.role] === 'app' && Labels[labelKeys.taskArn] === order.task.arn,
  );
  const joined = new Set(apps.map(({ HostConfig }) => HostConfig.NetworkMode));
  const address = order.task.networkInterface?.address;
  const pauses = all.filter(isPause);
  const pause =
    pauses.find(({ Id }) => joined.has(`container:${Id}`)) ??
    pauses.find(({ NetworkSettings, State }) => {
      const endpoint = NetworkSettings.Networks[networkName];
      return (
        State === 'running' &&
        address !== undefined &&
        endpoint?.IPAddress === address.privateIpv4Address &&
        endpoint.MacAddress === address.macAddress
      );
    });
  const usable = apps.filter(
    ({ State, HostConfig, Labels }) =>
      State !== 'created' ||
      !HostConfig.NetworkMode.startsWith('container:') ||
      (HostConfig.NetworkMode === `container:${pause?.Id}` &&
        // What it finds at its start may not have been laid out.
        !isProxyOf(order.task, Labels[labelKeys.container] ?? '')),
  );
  return { apps: usable, pause };
}

async function examine(host: TaskHost, { apps, pause }: OwnContainers): Promise<FoundTask> {
  const containers = new Map<string, ContainerInspect>();
  for (const { Id, Labels } of apps) {
    containers.set(Labels[labelKeys.container] ?? '', await host.engine.inspectContainer(Id));
  }
  const isRunning = pause?.State === 'running';
  return { containers, pause: pause ? { id: pause.Id, isRunning } : undefined };
}

async function removeStrayVolumes(
  host: TaskHost,
  label: string,
  runs: ReadonlyMap<string, TaskRun>,
): Promise<void> {
  const own = new Set([...runs.values()].flatMap(({ order }) => ownVolumeNames(order)));
  for (const volume of await host.engine.listVolumes(label)) {
    if (own.has(volume)) continue;
    await orLeave(host, volume, () => host.engine.removeVolume(volume));
  }
}

function isPause({ Labels }: ContainerSummary): boolean {
  return Labels[labelKeys.role] === 'pause';
}
