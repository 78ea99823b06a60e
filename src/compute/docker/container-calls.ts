import { containerBody } from './container-body.ts';
import { taskIdOf, type ContainerSpec } from './container-spec.ts';
import { createOnce } from './create-once.ts';
import { EngineError } from './engine.ts';
import type { ContainerBody } from './engine-types.ts';
import { routedBody } from './firelens/routed-body.ts';
import { networkOf } from './network/task-network.ts';
import { rangesOf } from './published-ports.ts';
import { isProxyOf } from './service-connect/proxies.ts';
import { notReadable } from './log-config.ts';
import { ownVolumeNames } from './names.ts';
import type { StartUp } from './start-up.ts';
import { delay } from './delay.ts';
import type { TaskHost } from './task-host.ts';
import type { TaskOrder } from '../compute.ts';

/**
 * A stop holds its place among the stops until the Engine has set about it, not until it is over.
 */
const stopPlaceMs = 1000;

/** Creates a container of a task. */
export async function createContainer(
  host: TaskHost,
  order: TaskOrder,
  spec: ContainerSpec,
  startUp: StartUp,
): Promise<string> {
  const body = await bodyOf(host, { order, spec, startUp });
  if (!isProxyOf(order.task, spec.name)) return createOnce(host, spec.dockerName, body);
  const id = await createOnce(host, spec.dockerName, host.proxies.body(body));
  await host.proxies.prepare(order, id);
  return id;
}

interface WantedContainer {
  readonly order: TaskOrder;
  readonly spec: ContainerSpec;
  readonly startUp: StartUp;
}

async function bodyOf(
  host: TaskHost,
  { order, spec, startUp }: WantedContainer,
): Promise<ContainerBody> {
  const image = startUp.image(spec.name);
  const { pauseId } = startUp;
  const { allowsFileLimit } = host.pauses;
  const ranges = networkOf(order).isPublished ? rangesOf(spec.definition) : [];
  const hostRanges = await host.hostRanges.choose(spec.dockerName, ranges);
  const { laidRouter: router } = startUp;
  const secretOptions = (name: string) => startUp.configuration(name)?.logOptions ?? [];
  const routed = router && (await routedBody(host, { order, spec, router, secretOptions }));
  return containerBody(spec, {
    order,
    installationId: host.installationId,
    storage: host,
    pauseId: pauseId ?? '',
    keepsRawSockets: host.keepsRawSockets,
    hostRanges,
    nameServers: host.nameServers,
    cgroupParent: host.bounds.parentFor(order, pauseId),
    allowsFileLimit,
    boundsLayers: host.abilities.boundsLayers ?? false,
    image: image?.reference ?? spec.definition.image,
    imageEnvironment: image?.environment ?? [],
    endpointUrl: host.endpointUrl,
    configuration: startUp.configuration(spec.name),
    routed,
  });
}

/** Resolves when the container has ended, and its place is free before that. */
export async function stopContainer(
  host: TaskHost,
  id: string,
  timeoutSeconds: number,
): Promise<void> {
  const answered = new AbortController();
  const begin = async () => {
    const answer = host.engine.stopContainer(id, timeoutSeconds);
    const settled = answer.then(
      () => answered.abort(),
      () => answered.abort(),
    );
    await Promise.race([settled, delay(host.clock, stopPlaceMs, answered.signal)]);
    return { answer };
  };
  await (
    await host.stops.run(begin)
  ).answer;
}

/** What a task has left on its Engine. */
export interface Leftovers {
  readonly order: TaskOrder;
  readonly containers: readonly LeftContainer[];
  readonly pauseId: string | undefined;
}

export interface LeftContainer {
  readonly id: string;
  readonly spec: ContainerSpec;
  readonly hasRun: boolean;
}

/**
 * Files what the containers wrote and removes all that is left of the task. Can be done again at
 * any point.
 */
export async function release(host: TaskHost, left: Leftovers): Promise<void> {
  const { engine, pauses, shipments } = host;
  const { containers, order, pauseId } = left;
  const kept = containers.filter(({ hasRun }) => hasRun);
  await Promise.all([
    ...kept.map(({ id, spec }) => keepOutput(host, order, id, spec)),
    ...(pauseId === undefined ? [] : [pauses.markUsed(pauseId)]),
  ]);
  await Promise.all(
    containers.map(({ id }) => orLeave(host, id, () => engine.removeContainer(id))),
  );
  await Promise.all(containers.map(({ id }) => shipments.forget(id)));
  if (pauseId !== undefined) pauses.retire(pauseId);
  await host.bounds.release(order);
  for (const { spec } of containers) host.hostRanges.forget(spec.dockerName);
  for (const name of ownVolumeNames(order)) {
    await orLeave(host, name, () => engine.removeVolume(name));
  }
  const { managedVolume } = order.task;
  if (managedVolume) await host.managedVolumes.release(managedVolume);
}

/**
 * Removes something that nobody needs. What the Engine cannot remove, such as a container whose file
 * system it has lost hold of, must not hold up everything else: it is left until the Engine is
 * looked at anew.
 */
export async function orLeave(
  { log }: TaskHost,
  name: string,
  remove: () => Promise<void>,
): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    log.warn({ reason: error.message, name }, 'The Docker Engine cannot remove something.');
  }
}

async function keepOutput(
  host: TaskHost,
  order: TaskOrder,
  id: string,
  spec: ContainerSpec,
): Promise<void> {
  const taskId = taskIdOf(order);
  const stream = await host.shipments.finish(order, spec, id);
  if (stream) return host.outputs.refer(taskId, spec.name, stream);
  const { signal } = new AbortController();
  try {
    const log = await host.engine.logs(id, { follow: false, signal });
    await host.outputs.keep(taskId, spec.name, log);
  } catch (error) {
    // Somebody has removed the container, or its driver keeps nothing: there is nothing to keep.
    const isNothing = error instanceof EngineError && [404, notReadable].includes(error.statusCode);
    if (!isNothing) throw error;
  }
}
