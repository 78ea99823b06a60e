import type { ContainerInstance } from '../container-instance/container-instance.ts';
import { attributeValues } from '../container-instance/container-instance.ts';
import type { Instant } from '../instant.ts';
import type { ContainerInstanceFacts } from '../query-language/container-instance-facts.ts';

/** A container instance with what its tasks have of it. */
export class InstanceEntry implements ContainerInstanceFacts {
  #instance: ContainerInstance;
  #attributes: ReadonlyMap<string, string>;
  runningTasksCount = 0;
  /** The group of each of its tasks that has not stopped. */
  readonly taskGroups: string[] = [];
  readonly usedPorts = new Set<number>();
  readonly usedUdpPorts = new Set<number>();
  readonly usedGpuIds = new Set<string>();

  constructor(instance: ContainerInstance) {
    this.#instance = instance;
    this.#attributes = attributeValues(instance);
  }

  get instance(): ContainerInstance {
    return this.#instance;
  }

  set instance(instance: ContainerInstance) {
    this.#instance = instance;
    this.#attributes = attributeValues(instance);
  }

  get attributes(): ReadonlyMap<string, string> {
    return this.#attributes;
  }

  get agentConnected(): boolean {
    return this.#instance.agentConnected;
  }

  get agentVersion(): string | undefined {
    return this.#instance.versionInfo.agentVersion;
  }

  get ec2InstanceId(): string | undefined {
    return this.#instance.ec2InstanceId;
  }

  get registeredAt(): Instant {
    return this.#instance.registeredAt;
  }

  hasFree(ports: readonly number[]): boolean {
    const { reservedPorts } = this.#instance.registeredResources;
    return ports.every((port) => !this.usedPorts.has(port) && !reservedPorts.includes(port));
  }

  hasFreeUdp(ports: readonly number[]): boolean {
    const { reservedUdpPorts } = this.#instance.registeredResources;
    return ports.every((port) => !this.usedUdpPorts.has(port) && !reservedUdpPorts.includes(port));
  }

  freeGpuIds(): readonly string[] {
    return this.#instance.registeredResources.gpuIds.filter((id) => !this.usedGpuIds.has(id));
  }

  /** A task of a group has stopped. */
  removeTask(group: string): void {
    const at = this.taskGroups.lastIndexOf(group);
    const last = this.taskGroups.pop();
    // The order means nothing: the last one fills the gap.
    if (last !== undefined && at >= 0 && at < this.taskGroups.length) this.taskGroups[at] = last;
  }
}
