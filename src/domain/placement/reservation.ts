import type { ContainerInstanceArn } from '../arn.ts';
import type { InstanceEntry } from './instance-entry.ts';
import type { TaskRequirements } from './task-requirements.ts';

/** What a task has of a container instance. */
export interface TaskShare {
  readonly group: string;
  readonly requirements: TaskRequirements;
  readonly gpuIds: readonly string[];
}

/** A task's hold on a container instance, from its placement until it has STOPPED. */
export class Reservation {
  readonly instanceArn: ContainerInstanceArn;
  readonly share: TaskShare;
  /** The instance as it was; it may since have been deregistered, and another be in its slot. */
  readonly entry: InstanceEntry;
  readonly slot: number;
  /** Ports that Docker picked for the task's containers. */
  readonly boundPorts: number[] = [];
  readonly boundUdpPorts: number[] = [];
  /** Whether the task is wanted RUNNING, and counts in its group. */
  isWanted = true;
  isReleased = false;

  constructor(entry: InstanceEntry, slot: number, share: TaskShare) {
    this.instanceArn = entry.instance.arn;
    this.entry = entry;
    this.slot = slot;
    this.share = share;
  }
}
