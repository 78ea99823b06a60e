import type { TaskArn } from '../../domain/arn.ts';
import type { TaskReport } from '../../domain/task/report.ts';
import type { TaskOrder } from '../compute.ts';
import type { ContainerRef } from '../task-facts.ts';
import { containerSpecs } from './container-spec.ts';

/** Who on an Engine is who: by the ids that containers are given, and by the addresses of tasks. */
export class EndpointDirectory {
  readonly #byEndpoint = new Map<string, ContainerRef>();
  readonly #byCredentials = new Map<string, TaskArn>();
  readonly #byAddress = new Map<string, TaskArn>();
  readonly #entries = new Map<TaskArn, () => void>();

  add(order: TaskOrder): void {
    const { arn: taskArn, credentialsIds, networkInterface } = order.task;
    const endpointIds = containerSpecs(order).map(({ name, endpointId }) => {
      this.#byEndpoint.set(endpointId, { taskArn, container: name });
      return endpointId;
    });
    if (credentialsIds) this.#byCredentials.set(credentialsIds.task, taskArn);
    if (networkInterface?.address) {
      this.#byAddress.set(networkInterface.address.privateIpv4Address, taskArn);
    }
    this.#entries.set(taskArn, () => {
      for (const id of endpointIds) this.#byEndpoint.delete(id);
      if (credentialsIds) this.#byCredentials.delete(credentialsIds.task);
    });
  }

  /** Learns a task's address from the report that it has one. */
  heard(taskArn: TaskArn, reports: readonly TaskReport[]): void {
    for (const report of reports) {
      if (report.kind !== 'NetworkInterfaceCreated') continue;
      this.#byAddress.set(report.address.privateIpv4Address, taskArn);
    }
  }

  remove(taskArn: TaskArn): void {
    this.#entries.get(taskArn)?.();
    this.#entries.delete(taskArn);
    for (const [address, owner] of this.#byAddress) {
      if (owner === taskArn) this.#byAddress.delete(address);
    }
  }

  ownerOf(endpointId: string): ContainerRef | undefined {
    return this.#byEndpoint.get(endpointId);
  }

  taskOfCredentials(credentialsId: string): TaskArn | undefined {
    return this.#byCredentials.get(credentialsId);
  }

  taskAt(address: string): TaskArn | undefined {
    return this.#byAddress.get(address);
  }
}
