import type { ContainerInstanceArn } from '../arn.ts';
import type { InstanceEntry } from './instance-entry.ts';
import type { TaskRequirements } from './task-requirements.ts';

export interface BoundPorts {
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

const noPorts: BoundPorts = { tcp: [], udp: [] };

/** What a task has of a container instance. */
export interface TaskShare {
  readonly group: string;
  readonly requirements: TaskRequirements;
  readonly gpuIds: readonly string[];
}

/** A container instance and its slot. */
export interface Place {
  readonly entry: InstanceEntry;
  readonly slot: number;
}

/** A task's hold on a container instance, from its placement until it has STOPPED. */
export class Reservation implements TaskShare {
  /** The instance as it was; it may since have been deregistered, and another be in its slot. */
  readonly entry: InstanceEntry;
  readonly slot: number;
  readonly group: string;
  readonly requirements: TaskRequirements;
  readonly gpuIds: readonly string[];
  /** Ports that Docker picked for the task's containers. */
  boundPorts: BoundPorts = noPorts;
  /** Whether the task is wanted RUNNING, and counts in its group. */
  isWanted = true;
  isReleased = false;

  constructor(
    { entry, slot }: Place,
    { group, requirements }: Omit<TaskShare, 'gpuIds'>,
    gpuIds: readonly string[],
  ) {
    this.entry = entry;
    this.slot = slot;
    this.group = group;
    this.requirements = requirements;
    this.gpuIds = gpuIds;
  }

  get instanceArn(): ContainerInstanceArn {
    return this.entry.instance.arn;
  }
}
