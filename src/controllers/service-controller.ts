import type { ServiceArn } from '../domain/arn.ts';
import { planService } from '../domain/service/plan-service.ts';
import { newEvents } from '../domain/service/service-events.ts';
import { messages, type Telling } from '../domain/service/service-messages.ts';
import {
  withPlace,
  withoutPlace,
  withoutPlaceInZone,
  type PlacementOutcome,
} from '../domain/service/placement-trouble.ts';
import type {
  ObservedService,
  ServiceAction,
  ServicePlan,
} from '../domain/service/service-plan.ts';
import {
  isExternal,
  primaryOf,
  revisionsOf,
  serviceGroup,
  type AnyService,
  type Deployment,
  type ExternalService,
  type Service,
  type ServiceRevision,
} from '../domain/service/service.ts';
import { withHookIds } from '../domain/service/strategies/hook-runs.ts';
import { startServiceTasks, type StartAction } from '../domain/service/start-service-tasks.ts';
import {
  planExternalService,
  settleExternalService,
} from '../domain/service/task-sets/plan-external-service.ts';
import { ownEnd } from '../domain/task/plan-task.ts';
import { stoppingTask } from '../domain/task/stop-task.ts';
import type { Task } from '../domain/task/task.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { putService } from './put-service.ts';
import { hostsOf } from './service-hosts.ts';
import { servicesOfInstance, servicesThatWaitFor } from './service-notices.ts';
import { ServicePlacement, type Origin } from './service-placement.ts';
import { zonesOf } from './service-zones.ts';
import { inactiveServiceRetentionMs, serviceDeploymentRetentionMs } from './retention.ts';

export interface ServiceControllerParts {
  readonly state: State;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newUuid: () => string;
}

/** Keeps each service at its desired count, moves its deployments forward, and forgets it in time. */
export class ServiceController implements Controller {
  readonly name = 'service';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #newId: () => string;
  readonly #newUuid: () => string;
  readonly #placement = new ServicePlacement();

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
    if (kind === 'container-instance') return servicesOfInstance(this.#state.read, key);
    const task = kind === 'task' ? tasks.find(key) : undefined;
    if (!task) return [];
    const service = services.findByGroup(task.clusterArn, task.group);
    return [...(service ? [service.arn] : []), ...servicesThatWaitFor(this.#state.read, task)];
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
      const plan = planService(this.#observe(tx, service), now);
      for (const rollout of plan.rollouts) {
        tx.serviceDeployments.put(withHookIds(rollout, this.#newUuid));
      }
      for (const revision of changedRevisions(service, plan.service)) {
        tx.serviceRevisions.put(revision);
      }
      const outcome = this.#performAll(tx, plan, now);
      this.#put(tx, outcome.service, outcome.tellings, now);
      if (plan.service.status === 'INACTIVE') forgetParts(tx, service.arn);
      return plan.lookAgainAt === undefined ? settled : lookAgain(plan.lookAgainAt);
    });
  }

  /** Each task set is looked after by itself, as if it were a service. */
  #reconcileExternal(tx: Transaction, service: ExternalService, now: number): Next {
    const tasks = tasksOf(tx, service);
    const plans = planExternalService({ service, tasks, hosts: hostsOf(tx, service, tasks) }, now);
    const tellings: Telling[] = [];
    const taskSets = plans.flatMap(({ taskSet, standIn, actions }) => {
      const outcome = this.#performAll(tx, { service: standIn, actions }, now);
      tellings.push(...outcome.tellings);
      return taskSet ? { ...taskSet, deployment: primaryOf(outcome.service) } : [];
    });
    const moments = plans.map(({ lookAgainAt }) => lookAgainAt);
    const ended = settleExternalService({ service, taskSets, moments }, now);
    this.#put(tx, ended.service, [...tellings, ...ended.tellings], now);
    if (ended.service.status === 'INACTIVE') forgetParts(tx, service.arn);
    return ended.lookAgainAt === undefined ? settled : lookAgain(ended.lookAgainAt);
  }

  #put(tx: Transaction, service: AnyService, tellings: readonly Telling[], now: number): void {
    putService(tx, service, newEvents(service, tellings, now, this.#newUuid));
  }

  /** Does what was decided, and gives what it has made of the service. */
  #performAll(
    tx: Transaction,
    { service, actions }: Pick<ServicePlan, 'service' | 'actions'>,
    now: number,
  ): Outcome {
    let outcome: Outcome = { service, tellings: [] };
    let isFull = false;
    for (const action of actions) {
      if (isFull && action.kind === 'StartTasks') continue;
      const performed = this.#perform(tx, outcome.service, action, now);
      outcome = { ...performed, tellings: [...outcome.tellings, ...performed.tellings] };
      isFull ||= performed.isFull ?? false;
    }
    return outcome;
  }

  #perform(tx: Transaction, service: Service, action: ServiceAction, now: number): Outcome {
    switch (action.kind) {
      case 'StartTasks':
        return this.#start(tx, service, action, now);
      case 'StopTask': {
        const cause = { code: 'ServiceSchedulerInitiated', reason: action.reason } as const;
        change(tx, action, (task) => stoppingTask(task, ownEnd(task) ?? cause, now));
        return { service, tellings: [] };
      }
      case 'AccountFor':
        change(tx, action, (task) => ({ ...task, isAccountedFor: true }));
        return { service, tellings: [] };
      case 'Announce':
        return { service, tellings: [action.telling] };
    }
  }

  #start(tx: Transaction, service: Service, action: StartAction, now: number): Outcome {
    const origin = originOf(tx, service, action.deployment);
    const { started, failures } = startServiceTasks({
      ...origin,
      action,
      tasks: tasksOf(tx, service),
      find: this.#placement.find(tx, origin, action),
      keep: (task) => tx.tasks.put(task),
      now,
      newId: this.#newId,
      newUuid: this.#newUuid,
    });
    const told = started.length === 0 ? [] : [startedTelling(started, action)];
    const { id } = action.deployment;
    const placed = started.length > 0 || !failures ? withPlace(service, id) : service;
    if (!failures) return { service: placed, tellings: told };
    if (action.zone !== undefined) {
      return withoutPlaceInZone(placed, action.zone, now);
    }
    const { service: waiting, tellings } = withoutPlace(placed, id, failures, now);
    return {
      service: waiting,
      tellings: [...told, ...tellings],
      isFull: action.on === undefined,
    };
  }

  #observe(tx: Transaction, service: Service): ObservedService {
    const tasks = tasksOf(tx, service);
    const origin = originOf(tx, service, primaryOf(service));
    const isDaemon = service.status === 'ACTIVE' && service.schedulingStrategy === 'DAEMON';
    return {
      service,
      tasks,
      rollouts: tx.serviceDeployments.unfinishedOf(service.arn),
      hosts: hostsOf(tx, service, tasks),
      suited: isDaemon ? this.#placement.suited(tx, origin) : [],
      zones: zonesOf(tx, this.#placement, origin, tasks),
    };
  }

  #retain(tx: Transaction, service: AnyService, now: number): Next {
    const until = (service.inactiveAt ?? 0) + inactiveServiceRetentionMs;
    if (until > now) return lookAgain(until);
    tx.services.delete(service);
    return settled;
  }
}

interface Outcome extends PlacementOutcome {
  /** No instance has a place for a task of the service. */
  readonly isFull?: boolean;
}

function originOf(tx: Transaction, service: Service, { revision }: Deployment): Origin {
  const cluster = tx.clusters.findByArn(service.clusterArn);
  const definition = tx.taskDefinitions.findByArn(revision.taskDefinitionArn);
  // Both stay for as long as a service needs them, so this is a bug and not a matter of timing.
  if (!cluster || !definition) throw new Error(`Service ${service.arn} has lost what it needs.`);
  return { service, cluster, definition };
}

function startedTelling(
  started: readonly Task[],
  { replacesUnhealthy, zone }: StartAction,
): Telling {
  if (zone !== undefined) return messages.startedInZone(started, zone);
  return messages.started(started, replacesUnhealthy);
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
