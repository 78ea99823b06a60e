import type { ServiceArn } from '../domain/arn.ts';
import { planService } from '../domain/service/plan-service.ts';
import { newEvents, withEvents } from '../domain/service/service-events.ts';
import { messages } from '../domain/service/service-messages.ts';
import type { ObservedService, ServiceAction } from '../domain/service/service-plan.ts';
import {
  isExternal,
  revisionsOf,
  serviceGroup,
  type AnyService,
  type ExternalService,
  type Service,
  type ServiceRevision,
} from '../domain/service/service.ts';
import { startServiceTasks } from '../domain/service/start-service-tasks.ts';
import { planExternalService } from '../domain/service/task-sets/plan-external-service.ts';
import { stoppingTask } from '../domain/task/stop-task.ts';
import type { Task } from '../domain/task/task.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { inactiveServiceRetentionMs, serviceDeploymentRetentionMs } from './retention.ts';

export interface ServiceControllerParts {
  readonly state: State;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newUuid: () => string;
}

/** The log that keeps all events of services; the record of a service has only the newest. */
export const serviceEventLog = 'service-event';

/** Keeps each service at its desired count, moves its deployments forward, and forgets it in time. */
export class ServiceController implements Controller {
  readonly name = 'service';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #newUuid: () => string;

  constructor({ state, clock, newId, newUuid }: ServiceControllerParts) {
    this.#state = state;
    this.#clock = clock;
    this.#newId = newId;
    this.#newUuid = newUuid;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    if (kind === 'service') return [key];
    const { tasks, services, serviceDeployments } = this.#state.read;
    if (kind === 'service-deployment') {
      const deployment = serviceDeployments.find(key);
      return deployment ? [deployment.serviceArn] : [];
    }
    const task = kind === 'task' ? tasks.find(key) : undefined;
    const service = task && services.findByGroup(task.clusterArn, task.group);
    return service ? [service.arn] : [];
  }

  *allKeys(): Iterable<string> {
    for (const service of this.#state.read.services.values()) yield service.arn;
  }

  reconcile(key: string): Next {
    const now = this.#clock.now();
    return this.#state.transact((tx) => {
      const service = tx.services.find(key);
      if (!service) return settled;
      if (service.status === 'INACTIVE') return this.#retain(tx, service, now);
      if (isExternal(service)) return this.#reconcileExternal(tx, service, now);
      forgetOldDeployments(tx, service.arn, now);
      const plan = planService(observe(tx, service), now);
      for (const rollout of plan.rollouts) tx.serviceDeployments.put(rollout);
      for (const revision of changedRevisions(service, plan.service)) {
        tx.serviceRevisions.put(revision);
      }
      const texts = plan.actions.flatMap((action) => this.#perform(tx, plan.service, action, now));
      this.#put(tx, plan.service, texts, now);
      if (plan.service.status === 'INACTIVE') forgetParts(tx, service.arn);
      return plan.lookAgainAt === undefined ? settled : lookAgain(plan.lookAgainAt);
    });
  }

  #reconcileExternal(tx: Transaction, service: ExternalService, now: number): Next {
    const plan = planExternalService({ service, tasks: tasksOf(tx, service) }, now);
    const texts = plan.actions.flatMap((action) => this.#perform(tx, plan.service, action, now));
    this.#put(tx, plan.service, texts, now);
    return plan.lookAgainAt === undefined ? settled : lookAgain(plan.lookAgainAt);
  }

  #put(tx: Transaction, service: AnyService, texts: readonly string[], now: number): void {
    const isInactive = service.status === 'INACTIVE';
    const events = newEvents(service, texts, now, this.#newUuid);
    tx.services.put(isInactive ? service : withEvents(service, events));
    for (const { id, createdAt, message } of events) {
      const body = JSON.stringify({ id, message });
      tx.append({ log: serviceEventLog, subject: service.arn, at: createdAt, body });
    }
  }

  /** Does what was decided; gives the texts of the events that tell of it. */
  #perform(
    tx: Transaction,
    service: AnyService,
    action: ServiceAction,
    now: number,
  ): readonly string[] {
    switch (action.kind) {
      case 'StartTasks': {
        const started = this.#start(tx, service, action, now);
        return [messages.started(started, action.replacesUnhealthy)];
      }
      case 'StopTask': {
        const cause = { code: 'ServiceSchedulerInitiated', reason: action.reason } as const;
        change(tx, action, (task) => stoppingTask(task, cause, now));
        return [];
      }
      case 'AccountFor':
        change(tx, action, (task) => ({ ...task, isAccountedFor: true }));
        return [];
      case 'Announce':
        return [action.text];
    }
  }

  #start(
    tx: Transaction,
    service: AnyService,
    { deployment, count }: Extract<ServiceAction, { kind: 'StartTasks' }>,
    now: number,
  ): readonly Task[] {
    const cluster = tx.clusters.findByArn(service.clusterArn);
    const definition = tx.taskDefinitions.findByArn(deployment.revision.taskDefinitionArn);
    // Both stay for as long as a service needs them, so this is a bug and not a matter of timing.
    if (!cluster || !definition) throw new Error(`Service ${service.arn} has lost what it needs.`);
    const tasks = tasksOf(tx, service);
    const sources = { now, newId: this.#newId, newUuid: this.#newUuid };
    const parts = { service, deployment, cluster, definition, tasks, count, ...sources };
    const started = startServiceTasks(parts);
    for (const task of started) tx.tasks.put(task);
    return started;
  }

  #retain(tx: Transaction, service: AnyService, now: number): Next {
    const until = (service.inactiveAt ?? 0) + inactiveServiceRetentionMs;
    if (until > now) return lookAgain(until);
    tx.services.delete(service);
    return settled;
  }
}

function observe(tx: Transaction, service: Service): ObservedService {
  return {
    service,
    tasks: tasksOf(tx, service),
    rollouts: tx.serviceDeployments.unfinishedOf(service.arn),
  };
}

/** Revisions change only by the digests of their images. */
function changedRevisions(before: Service, after: Service): readonly ServiceRevision[] {
  const known = new Set(revisionsOf(before));
  return revisionsOf(after).filter((revision) => !known.has(revision));
}

function tasksOf(tx: Transaction, { clusterArn, name }: AnyService): readonly Task[] {
  return tx.tasks.unaccountedOf(clusterArn, serviceGroup(name));
}

function change(
  tx: Transaction,
  { taskArn }: Extract<ServiceAction, { kind: 'StopTask' | 'AccountFor' }>,
  changed: (task: Task) => Task,
): void {
  const task = tx.tasks.findByArn(taskArn);
  if (task) tx.tasks.put(changed(task));
}

/** With its service go all its revisions and service deployments; the service keeps its last one. */
function forgetParts(tx: Transaction, arn: ServiceArn): void {
  const revisions = [...tx.serviceRevisions.ofService(arn)];
  const deployments = [...tx.serviceDeployments.ofService(arn)];
  for (const revision of revisions) tx.serviceRevisions.delete(revision);
  for (const deployment of deployments) tx.serviceDeployments.delete(deployment);
}

/** The oldest come first: the first that is young enough ends the search. */
function forgetOldDeployments(tx: Transaction, arn: ServiceArn, now: number): void {
  const expired = [];
  for (const deployment of tx.serviceDeployments.ofService(arn)) {
    const endedAt = deployment.finishedAt ?? deployment.stoppedAt;
    if (endedAt === undefined || endedAt + serviceDeploymentRetentionMs > now) break;
    expired.push(deployment);
  }
  for (const deployment of expired) tx.serviceDeployments.delete(deployment);
}
