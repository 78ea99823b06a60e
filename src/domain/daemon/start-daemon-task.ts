import type { Cluster } from '../cluster/cluster.ts';
import type { Instant } from '../instant.ts';
import type { PlacementSpec } from '../placement/placement-spec.ts';
import { withPinnedImages } from '../service/image-pins.ts';
import type { Tag } from '../tags.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import { newTask, type Placement } from '../task/new-task.ts';
import { parseOverrides, sizeOf } from '../task/overrides.ts';
import type { RunTaskSpec } from '../task/run-task-request.ts';
import { startTaskPlacement } from '../task/task-placement.ts';
import type { Task } from '../task/task.ts';
import { daemonGroup, startedByOf, type Daemon } from './daemon.ts';

/** What the tasks of a daemon are started from. */
export interface DaemonOrigin {
  readonly daemon: Daemon;
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
}

const launchType = 'MANAGED_INSTANCES';

function daemonTaskSpec({ daemon, cluster, definition }: DaemonOrigin): RunTaskSpec {
  const { revision } = daemon.aim;
  const overrides = parseOverrides(undefined, definition);
  return {
    launch: {
      launchType,
      strategy: undefined,
      providers: [],
      platformVersion: undefined,
      platformFamily: undefined,
    },
    network: undefined,
    overrides,
    size: sizeOf(definition, overrides, launchType),
    group: daemonGroup(daemon.name),
    startedBy: startedByOf(revision),
    referenceId: undefined,
    enableExecuteCommand: revision.enableExecuteCommand,
    tags: tagsOf(daemon, cluster),
  };
}

/** What an instance must have and have left for a task of the daemon. */
export function daemonPlacement(origin: DaemonOrigin): PlacementSpec {
  return { ...startTaskPlacement(daemonTaskSpec(origin), origin.definition), isDaemon: true };
}

export interface NewDaemonTask extends DaemonOrigin {
  readonly placement: Placement;
  readonly now: Instant;
  readonly newId: () => string;
  readonly newUuid: () => string;
}

export function newDaemonTask(args: NewDaemonTask): Task {
  const { daemon, cluster, definition, placement, now, newId, newUuid } = args;
  const task = newTask({
    cluster,
    definition,
    spec: daemonTaskSpec(args),
    capacityProvider: placement.instance.capacityProviderName,
    turn: 0,
    placement,
    now,
    newId,
    newUuid,
  });
  return withPinnedImages(task, daemon.aim.revision);
}

/** The managed tag of the daemon's name is [inferred, after that of services]. */
function tagsOf({ aim: { revision }, name, tags }: Daemon, cluster: Cluster): readonly Tag[] {
  const managed = revision.enableECSManagedTags
    ? [
        { key: 'aws:ecs:clusterName', value: cluster.name },
        { key: 'aws:ecs:daemonName', value: name },
      ]
    : [];
  return revision.propagateTags === 'DAEMON' ? [...managed, ...tags] : managed;
}
