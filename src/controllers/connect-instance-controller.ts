import { CloudMapError } from '../domain/cloud-map/cloud-map-error.ts';
import type { DiscoveryService } from '../domain/cloud-map/discovery-service.ts';
import type { Instant } from '../domain/instant.ts';
import { membershipOf } from '../domain/service-connect/membership.ts';
import { instanceOfTask } from '../domain/service-discovery/instance-of-task.ts';
import { lastPathElement } from '../domain/arn.ts';
import type { Task } from '../domain/task/task.ts';
import { deregisterInstance, registerInstance } from '../state/register-instance.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';

export interface ConnectInstanceControllerParts {
  readonly state: State;
  readonly clock: Clock;
}

/** A task behind an endpoint, and the port that it is called on. */
interface Member {
  readonly task: Task;
  readonly port: number;
}

/**
 * Keeps the instances of the services that Cloud Map has for Service Connect equal to the tasks behind their endpoints. Proxies do
 * not ask for them; whoever looks in Cloud Map finds them.
 */
export class ConnectInstanceController implements Controller {
  readonly name = 'service-connect-instance';
  readonly #state: State;
  readonly #clock: Clock;

  constructor({ state, clock }: ConnectInstanceControllerParts) {
    this.#state = state;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    if (kind === 'discovery-service') return [key];
    const task = kind === 'task' ? this.#state.read.tasks.find(key) : undefined;
    const endpoints = task?.serviceConnect?.setting.endpoints ?? [];
    return endpoints.map(({ discoveryArn }) => discoveryArn);
  }

  *allKeys(): Iterable<string> {
    for (const { arn, ownerServiceArn } of this.#state.read.discoveryServices.values()) {
      if (ownerServiceArn !== undefined) yield arn;
    }
  }

  reconcile(discoveryArn: string): Next {
    const now = this.#clock.now();
    const service = this.#state.read.discoveryServices.findByArn(discoveryArn);
    if (service?.ownerServiceArn === undefined) return settled;
    return this.#state.transact((tx) => {
      const { members, changesAt } = membersOf(tx, discoveryArn, now);
      settleInstances(tx, discoveryArn, members, now);
      return changesAt === undefined ? settled : lookAgain(changesAt);
    });
  }
}

function membersOf(tx: Transaction, discoveryArn: string, now: Instant) {
  const members = new Map<string, Member>();
  let changesAt: Instant | undefined;
  for (const task of tx.tasks.behindEndpoint(discoveryArn)) {
    const definition = tx.taskDefinitions.findByArn(task.taskDefinitionArn);
    const membership = membershipOf(task, definition, discoveryArn, now);
    if (membership.kind === 'Waits') changesAt = Math.min(changesAt ?? Infinity, membership.until);
    if (membership.kind !== 'In') continue;
    members.set(lastPathElement(task.arn), { task, port: membership.endpoint.port });
  }
  return { members, changesAt };
}

function settleInstances(
  tx: Transaction,
  discoveryArn: string,
  members: ReadonlyMap<string, Member>,
  now: Instant,
): void {
  const there = [...tx.discoveryInstances.ofService(discoveryArn, undefined)];
  const known = new Set(there.map(({ instanceId }) => instanceId));
  for (const instance of there) {
    if (!members.has(instance.instanceId)) deregisterInstance(tx, instance, now);
  }
  for (const [instanceId, member] of members) {
    const service = tx.discoveryServices.findByArn(discoveryArn);
    if (service && !known.has(instanceId)) register(tx, service, member, now);
  }
}

/** Where Cloud Map's quota is used up, a task is called all the same, and not found there. */
function register(
  tx: Transaction,
  service: DiscoveryService,
  { task, port }: Member,
  now: Instant,
): void {
  const place = { host: undefined, taskSetExternalId: undefined };
  try {
    registerInstance(tx, service, instanceOfTask(task, { health: 'HEALTHY', port }, place), now);
  } catch (error) {
    if (!(error instanceof CloudMapError)) throw error;
  }
}
