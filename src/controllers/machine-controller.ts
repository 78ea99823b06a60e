import type { Compute } from '../compute/compute.ts';
import { effectiveSetting } from '../domain/account-setting/account-setting.ts';
import { rootPrincipal } from '../domain/account-setting/principal.ts';
import { lastPathElement, scopeOfArn, type ClusterArn } from '../domain/arn.ts';
import type { Cluster } from '../domain/cluster/cluster.ts';
import { defaultClusterName } from '../domain/cluster/cluster-ref.ts';
import { newCluster, parseClusterSpec } from '../domain/cluster/new-cluster.ts';
import { parseContainerInsights } from '../domain/cluster/parse-settings.ts';
import type { ContainerInstance } from '../domain/container-instance/container-instance.ts';
import {
  connectedInstance,
  disconnectedInstance,
  withHealth,
} from '../domain/container-instance/instance-life.ts';
import { registrationOfMachine, type Machine } from '../domain/container-instance/machine.ts';
import {
  capacityProviderOf,
  newContainerInstance,
  reregistered,
} from '../domain/container-instance/registration.ts';
import { daemonsAwaitedOn } from '../state/daemon-instances.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import type { Logger } from '../support/logger.ts';
import { settled, type Controller, type Next } from './controller.ts';

export interface MachineControllerParts {
  readonly state: State;
  readonly compute: Pick<Compute, 'machines'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly newId: () => string;
  readonly newUuid: () => string;
  /** The cluster whose container instances our machines are to be; undefined where of none. */
  readonly clusterArn: ClusterArn | undefined;
  /** The capacity provider that they are of. */
  readonly capacityProvider?: string | undefined;
  readonly version: string;
  readonly ownPorts: readonly number[];
}

const theMachines = 'all';

/**
 * Keeps the container instances that stand for our own machines: it plays the part of their agents. One that was
 * deregistered stays so until the server starts again, as with an agent.
 */
export class MachineController implements Controller {
  readonly name = 'machine';
  readonly #parts: MachineControllerParts;
  /** The machines that have been registered since the start. */
  readonly #registered = new Set<string>();
  #misses = false;

  constructor(parts: MachineControllerParts) {
    this.#parts = parts;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'cluster' && key === this.#parts.clusterArn ? [theMachines] : [];
  }

  *allKeys(): Iterable<string> {
    yield theMachines;
  }

  reconcile(): Next {
    this.look();
    return settled;
  }

  /** Compares the records with the machines that there are. */
  look(): void {
    const { compute, state } = this.#parts;
    const machines = new Map(compute.machines().map((machine) => [machine.id, machine]));
    const changed = state.transact((tx) => {
      const known = [...tx.containerInstances.ofMachines()];
      for (const instance of known) this.#follow(tx, instance, machines);
      return [...machines.values()].filter((machine) => this.#register(tx, machine));
    });
    for (const { id } of changed) this.#registered.add(id);
  }

  #follow(
    tx: Transaction,
    instance: ContainerInstance,
    machines: ReadonlyMap<string, Machine>,
  ): void {
    const { clock, clusterArn } = this.#parts;
    const machine = machines.get(instance.machineId ?? '');
    if (!machine || instance.clusterArn !== clusterArn) {
      // A machine that is there, but no instance of that cluster any more, tells nothing of its health.
      const health = machine ? 'INSUFFICIENT_DATA' : 'IMPAIRED';
      if (!instance.agentConnected && instance.healthCheck?.status === health) return;
      const now = clock.now();
      const lost = withHealth(disconnectedInstance(instance, now), health, now);
      return tx.containerInstances.put(lost);
    }
    this.#registered.add(machine.id);
    if (instance.agentConnected) return;
    const registration = this.#registration(machine);
    tx.containerInstances.put(this.#connected(reregistered(instance, registration)));
  }

  /** @returns whether the machine is a new container instance now */
  #register(tx: Transaction, machine: Machine): boolean {
    const { clock, clusterArn, newId } = this.#parts;
    if (clusterArn === undefined || this.#registered.has(machine.id)) return false;
    const cluster = this.#cluster(tx, clusterArn);
    if (!cluster) return false;
    const registration = this.#registration(machine);
    const provider = capacityProviderOf(registration);
    const created = newContainerInstance({
      cluster,
      registration,
      awaitedDaemons: daemonsAwaitedOn(tx, cluster.arn, provider),
      now: clock.now(),
      id: newId(),
      machineId: machine.id,
    });
    tx.containerInstances.put(this.#connected(created));
    return true;
  }

  #registration(machine: Machine) {
    const { version, ownPorts, capacityProvider } = this.#parts;
    return registrationOfMachine({ machine, version, ownPorts, capacityProvider });
  }

  #connected(instance: ContainerInstance): ContainerInstance {
    const at = this.#parts.clock.now();
    const { versionInfo } = instance;
    const connected = connectedInstance(instance, { versionInfo, isNewProcess: true, at });
    return withHealth(connected, 'OK', at);
  }

  /** As with an agent, `default` is made where it is missing; any other cluster is waited for. */
  #cluster(tx: Transaction, arn: ClusterArn): Cluster | undefined {
    const cluster = tx.clusters.findByArn(arn);
    if (cluster && cluster.status !== 'INACTIVE' && cluster.status !== 'DEPROVISIONING') {
      return cluster;
    }
    if (lastPathElement(arn) === defaultClusterName) return this.#createDefault(tx, arn);
    if (!this.#misses) {
      this.#misses = true;
      this.#parts.log.warn(
        { clusterArn: arn },
        'This machine becomes a container instance once its cluster has been created.',
      );
    }
    return undefined;
  }

  #createDefault(tx: Transaction, arn: ClusterArn): Cluster {
    const scope = scopeOfArn(arn);
    const insights = effectiveSetting(
      (key, name) => tx.accountSettings.findOf(scope, key, name),
      rootPrincipal(scope),
      'containerInsights',
    );
    const spec = parseClusterSpec(scope, {}, parseContainerInsights(insights?.value));
    const cluster = newCluster({
      scope,
      spec,
      namespaceArn: undefined,
      providers: { find: () => undefined, clustersOf: () => [] },
      newUuid: this.#parts.newUuid,
    });
    tx.clusters.put(cluster);
    return cluster;
  }
}
