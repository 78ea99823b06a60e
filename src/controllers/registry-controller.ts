import { withInstancesChanged } from '../domain/cloud-map/discovery-service.ts';
import {
  instanceIdOf,
  planRegistration,
  tellingsOf,
  type PlannedRegistration,
} from '../domain/service-discovery/plan-registrations.ts';
import { registrationDue } from '../domain/service-discovery/task-registration.ts';
import { newEvents } from '../domain/service/service-events.ts';
import { isExternal, type AnyService } from '../domain/service/service.ts';
import type { Task } from '../domain/task/task.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import { registrationsKey } from '../state/task-table.ts';
import type { Clock } from '../support/clock.ts';
import { settled, type Controller, type Next } from './controller.ts';
import { putService } from './put-service.ts';

export interface RegistryControllerParts {
  readonly state: State;
  readonly clock: Clock;
  readonly newUuid: () => string;
}

/**
 * Keeps the instances that tasks of services have in Cloud Map. It has all due tasks of a service in hand at a time. The
 * instance and the task that it is of change in one transaction, so that no crash comes between them: what a task's record
 * says of its registration is what Cloud Map was told.
 */
export class RegistryController implements Controller {
  readonly name = 'service-registry';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #newUuid: () => string;

  constructor({ state, clock, newUuid }: RegistryControllerParts) {
    this.#state = state;
    this.#clock = clock;
    this.#newUuid = newUuid;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    const task = kind === 'task' ? this.#state.read.tasks.find(key) : undefined;
    return task && registrationDue(task) ? [registrationsKey(task)] : [];
  }

  *allKeys(): Iterable<string> {
    for (const task of this.#state.read.tasks.values()) {
      if (registrationDue(task)) yield registrationsKey(task);
    }
  }

  reconcile(key: string): Next {
    const now = this.#clock.now();
    this.#state.transact((tx) => {
      const tasks = tx.tasks.registrationsDue(key);
      const [first] = tasks;
      if (!first) return;
      const service = tx.services.findByGroup(first.clusterArn, first.group);
      const planned = tasks.flatMap((task) => this.#plan(tx, task, service, now));
      for (const registryArn of perform(tx, planned)) {
        const registry = tx.discoveryServices.findByArn(registryArn);
        if (registry) tx.discoveryServices.put(withInstancesChanged(registry, now));
      }
      if (!service) return;
      const tellings = tellingsOf(service, planned, now);
      putService(tx, service, newEvents(service, tellings, now, this.#newUuid));
    });
    return settled;
  }

  #plan(
    tx: Transaction,
    task: Task,
    service: AnyService | undefined,
    now: number,
  ): readonly PlannedRegistration[] {
    const { registryArn = '' } = task.serviceRegistry ?? {};
    const { containerInstanceArn: host } = task;
    const planned = planRegistration(
      {
        task,
        discoveryService: tx.discoveryServices.findByArn(registryArn),
        instance: tx.discoveryInstances.findInstance(registryArn, instanceIdOf(task)),
        host: host && tx.containerInstances.findByArn(host),
        taskSetExternalId: service && externalIdOf(service, task),
      },
      now,
    );
    return planned ? [planned] : [];
  }
}

/** @returns the registries that have other instances than before, or have them elsewhere */
function perform(tx: Transaction, planned: readonly PlannedRegistration[]): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const { task, registryArn, outcome } of planned) {
    tx.tasks.put(task);
    switch (outcome.kind) {
      case 'Registered':
        tx.discoveryInstances.put(outcome.instance);
        changed.add(registryArn);
        break;
      case 'Updated':
        tx.discoveryInstances.put(outcome.instance);
        if (outcome.hasMoved) changed.add(registryArn);
        break;
      case 'Deregistered':
        if (!outcome.instance) break;
        tx.discoveryInstances.delete(outcome.instance);
        changed.add(registryArn);
        break;
      case 'Missing':
      case 'Failed':
    }
  }
  return changed;
}

function externalIdOf(service: AnyService, { startedBy }: Task): string | undefined {
  if (!isExternal(service)) return undefined;
  return service.taskSets.find(({ deployment }) => deployment.id === startedBy)?.externalId;
}
