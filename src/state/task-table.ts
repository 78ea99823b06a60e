import {
  scopeKey,
  scopeOfArn,
  type ClusterArn,
  type ContainerInstanceArn,
  type Scope,
  type TaskArn,
  type TaskDefinitionArn,
} from '../domain/arn.ts';
import { registrationDue } from '../domain/service-discovery/task-registration.ts';
import { isMember } from '../domain/service-connect/membership.ts';
import type { ServiceConnect } from '../domain/service-connect/service-connect.ts';
import { isLive, isRunning } from '../domain/service/service-tasks.ts';
import type { DesiredStatus, LaunchType, Task, TaskStatus } from '../domain/task/task.ts';
import { GroupIndex, MembershipIndex, Table, type Derivation, type Journal } from './table.ts';

/** Which tasks ListTasks is to give; the narrowest index that fits is used. */
export interface TaskQuery {
  readonly clusterArn: ClusterArn;
  readonly desiredStatus: DesiredStatus;
  readonly family?: string;
  readonly startedBy?: string;
  readonly group?: string;
  readonly containerInstanceArn?: ContainerInstanceArn;
}

/** Tasks of a cluster that have not STOPPED, by launch type. */
export interface TaskCounts {
  readonly running: Readonly<Record<LaunchType, number>>;
  readonly pending: Readonly<Record<LaunchType, number>>;
  readonly notStopped: number;
}

/** What a deployment of a service has: tasks that are neither STOPPED nor on their way there. */
export interface DeploymentCounts {
  readonly running: number;
  readonly pending: number;
}

export class TaskTable extends Table<Task> {
  readonly #byCluster: GroupIndex<Task>;
  readonly #byFamily: GroupIndex<Task>;
  readonly #byStartedBy: GroupIndex<Task>;
  readonly #byDefinition: GroupIndex<Task>;
  readonly #byInstance: GroupIndex<Task>;
  readonly #byCapacityProvider: GroupIndex<Task>;
  readonly #byOwner = this.derive(
    new GroupIndex<Task>(({ clusterArn, desiredStatus, group }) =>
      isScheduled(group) ? `${clusterArn} ${desiredStatus} ${group}` : undefined,
    ),
  );
  readonly #unaccounted = this.derive(
    new GroupIndex<Task>(({ clusterArn, group, lastStatus, isAccountedFor = false }) =>
      isScheduled(group) && (lastStatus !== 'STOPPED' || !isAccountedFor)
        ? `${clusterArn} ${group}`
        : undefined,
    ),
  );
  /** Interfaces and volumes that agents have yet to find. */
  readonly #byAwaitedAttachment = this.derive(new MembershipIndex<Task>(awaitedAttachments));
  /** Behind endpoints of Service Connect, and those that can call them. */
  readonly #behindEndpoint = this.derive(new MembershipIndex<Task>(servedEndpoints));
  readonly #reachingEndpoint = this.derive(new MembershipIndex<Task>(reachedEndpoints));
  /** By address, on container instances. */
  readonly #byAddress = this.derive(
    new GroupIndex<Task>(({ lastStatus, containerInstanceArn, networkInterface }) =>
      lastStatus === 'STOPPED' || containerInstanceArn === undefined
        ? undefined
        : networkInterface?.address?.privateIpv4Address,
    ),
  );
  /** Tasks of a service for which something is to be done in Cloud Map. */
  readonly #registrationsDue = this.derive(
    new GroupIndex<Task>((task) => (registrationDue(task) ? registrationsKey(task) : undefined)),
  );
  readonly #live: GroupIndex<Task>;
  readonly #stopped: GroupIndex<Task>;
  readonly #counts = this.derive(new ClusterCounts());
  readonly #deployments = this.derive(new CountsOfDeployments());
  readonly #statuses = this.derive(new StatusCounts());

  constructor(journal: Journal) {
    super('task', (task) => task.arn, journal);
    this.#byCluster = this.derive(
      new GroupIndex((task) => `${task.clusterArn} ${task.desiredStatus}`),
    );
    this.#byFamily = this.derive(
      new GroupIndex((task) => `${task.clusterArn} ${task.desiredStatus} ${task.family}`),
    );
    this.#byStartedBy = this.derive(
      new GroupIndex((task) =>
        task.startedBy === undefined
          ? undefined
          : `${task.clusterArn} ${task.desiredStatus} ${task.startedBy}`,
      ),
    );
    this.#byDefinition = this.derive(
      new GroupIndex((task) =>
        task.lastStatus === 'STOPPED' ? undefined : task.taskDefinitionArn,
      ),
    );
    this.#byInstance = this.derive(
      new GroupIndex((task) =>
        task.lastStatus === 'STOPPED' ? undefined : task.containerInstanceArn,
      ),
    );
    this.#byCapacityProvider = this.derive(
      new GroupIndex(({ lastStatus, clusterArn, capacityProviderName: name }) =>
        lastStatus === 'STOPPED' || name === undefined ? undefined : `${clusterArn} ${name}`,
      ),
    );
    this.#live = this.derive(
      new GroupIndex((task) => (task.lastStatus === 'STOPPED' ? undefined : '')),
    );
    this.#stopped = this.derive(
      new GroupIndex((task) => (task.lastStatus === 'STOPPED' ? '' : undefined)),
    );
  }

  findByArn(arn: TaskArn): Task | undefined {
    return this.find(arn);
  }

  list(query: TaskQuery, after: string | undefined): IterableIterator<Task> {
    return this.rowsOf(this.arns(query, after));
  }

  /** The same by name alone. */
  arns(query: TaskQuery, after: string | undefined): IterableIterator<string> {
    const { clusterArn, desiredStatus, family, startedBy, group: taskGroup } = query;
    const group = `${clusterArn} ${desiredStatus}`;
    if (query.containerInstanceArn !== undefined) return this.#arnsOnInstance(query, after);
    if (startedBy !== undefined) {
      return this.#byStartedBy.of(`${group} ${startedBy}`).after(after);
    }
    if (taskGroup !== undefined) return this.#byOwner.of(`${group} ${taskGroup}`).after(after);
    if (family !== undefined) return this.#byFamily.of(`${group} ${family}`).after(after);
    return this.#byCluster.of(group).after(after);
  }

  /** Those that are to run are few on one instance; those that are not are all soon forgotten. */
  #arnsOnInstance(query: TaskQuery, after: string | undefined): IterableIterator<string> {
    const { clusterArn, desiredStatus, family, containerInstanceArn = '' } = query;
    const index =
      desiredStatus === 'RUNNING'
        ? this.#byInstance.of(containerInstanceArn)
        : this.#byCluster.of(`${clusterArn} ${desiredStatus}`);
    return Iterator.from(this.rowsOf(index.after(after)))
      .filter(
        (task) =>
          task.containerInstanceArn === containerInstanceArn &&
          task.desiredStatus === desiredStatus &&
          (family === undefined || task.family === family),
      )
      .map((task) => task.arn);
  }

  /** Tasks of a service or a daemon that have not STOPPED, and those whose end it has not accounted for. */
  unaccountedOf(clusterArn: ClusterArn, group: string): readonly Task[] {
    return [...this.rowsOf(this.#unaccounted.of(`${clusterArn} ${group}`).after(undefined))];
  }

  /** The newest of those that something has started which is to be STOPPED, or has. */
  newestEndOf(clusterArn: ClusterArn, startedBy: string): Task | undefined {
    const key = this.#byStartedBy.of(`${clusterArn} STOPPED ${startedBy}`).last();
    return key === undefined ? undefined : this.find(key);
  }

  /** All tasks that have not STOPPED. */
  live(): IterableIterator<Task> {
    return this.rowsOf(this.#live.of('').after(undefined));
  }

  /** The tasks of a container instance that have not STOPPED. */
  onInstance(arn: ContainerInstanceArn): IterableIterator<Task> {
    return this.rowsOf(this.#byInstance.of(arn).after(undefined));
  }

  /** The task on a container instance that waits for an interface or a volume. */
  findByAwaitedAttachment(scope: Scope, attachmentId: string): Task | undefined {
    const arn = this.#byAwaitedAttachment.of(`${scopeKey(scope)} ${attachmentId}`).first();
    return arn === undefined ? undefined : this.find(arn);
  }

  /** Tasks that run behind an endpoint of Service Connect, whatever their health is. */
  behindEndpoint(discoveryArn: string): IterableIterator<Task> {
    return this.rowsOf(this.#behindEndpoint.of(discoveryArn).after(undefined));
  }

  /** Tasks that have not STOPPED and whose containers can call an endpoint of Service Connect. */
  reachingEndpoint(discoveryArn: string): IterableIterator<Task> {
    return this.rowsOf(this.#reachingEndpoint.of(discoveryArn).after(undefined));
  }

  /** Whether a task on a container instance has this address. */
  usesAddress(privateIpv4Address: string): boolean {
    return this.#byAddress.of(privateIpv4Address).size > 0;
  }

  /** Tasks that have STOPPED and are still remembered, the oldest first by creation. */
  stopped(): IterableIterator<Task> {
    return this.rowsOf(this.#stopped.of('').after(undefined));
  }

  /** Tasks for which something is to be done in Cloud Map, of the service that `registrationsKey` names. */
  registrationsDue(key: string): readonly Task[] {
    return [...this.rowsOf(this.#registrationsDue.of(key).after(undefined))];
  }

  usesDefinition(arn: TaskDefinitionArn): boolean {
    return this.#byDefinition.of(arn).size > 0;
  }

  /** Whether a task that has not STOPPED was launched on a provider in a cluster. */
  usesCapacityProvider(clusterArn: ClusterArn, name: string): boolean {
    return this.#byCapacityProvider.of(`${clusterArn} ${name}`).size > 0;
  }

  countsOf(clusterArn: ClusterArn): TaskCounts {
    return this.#counts.of(clusterArn);
  }

  deploymentCounts(clusterArn: ClusterArn, group: string, deploymentId: string): DeploymentCounts {
    return this.#deployments.of(clusterArn, group, deploymentId);
  }

  /** How many remembered tasks there are of each status, for `/metrics`. */
  statusCounts(): ReadonlyMap<TaskStatus, number> {
    return this.#statuses.counts;
  }
}

/** Names the service of a task also once its record is gone. */
export function registrationsKey({ clusterArn, group }: Task): string {
  return `${clusterArn} ${group}`;
}

function awaitedAttachments(task: Task): readonly string[] {
  const { arn, lastStatus, containerInstanceArn, networkInterface, managedVolume } = task;
  if (lastStatus !== 'PROVISIONING' || containerInstanceArn === undefined) return [];
  const scope = scopeKey(scopeOfArn(arn));
  return [networkInterface, managedVolume].flatMap((attachment) =>
    attachment ? [`${scope} ${attachment.attachmentId}`] : [],
  );
}

const noEndpoints: readonly string[] = [];
/** All tasks of a deployment may call the same: that is looked for once. */
const endpointsOfSettings = new WeakMap<ServiceConnect, readonly string[]>();

function servedEndpoints(task: Task): readonly string[] {
  const { serviceConnect } = task;
  if (!serviceConnect || !isMember(task)) return noEndpoints;
  return serviceConnect.setting.endpoints.map(({ discoveryArn }) => discoveryArn);
}

function reachedEndpoints({ lastStatus, serviceConnect }: Task): readonly string[] {
  if (!serviceConnect || lastStatus === 'STOPPED') return noEndpoints;
  const { setting } = serviceConnect;
  const known = endpointsOfSettings.get(setting);
  if (known) return known;
  const endpoints = [...new Set(setting.reaches.map(({ discoveryArn }) => discoveryArn))];
  endpointsOfSettings.set(setting, endpoints);
  return endpoints;
}

/** Only the schedulers of services and of daemons make tasks of such groups. */
function isScheduled(group: string): boolean {
  return group.startsWith('service:') || group.startsWith('daemon:');
}

const zero = { EC2: 0, FARGATE: 0, EXTERNAL: 0, MANAGED_INSTANCES: 0 } as const;
const noTasks: TaskCounts = { running: zero, pending: zero, notStopped: 0 };

class ClusterCounts implements Derivation<Task> {
  readonly #clusters = new Map<string, TaskCounts>();

  of(clusterArn: string): TaskCounts {
    return this.#clusters.get(clusterArn) ?? noTasks;
  }

  changed(_: string, before: Task | undefined, after: Task | undefined): void {
    if (
      before?.lastStatus === after?.lastStatus &&
      before?.desiredStatus === after?.desiredStatus
    ) {
      return;
    }
    if (before) this.#add(before, -1);
    if (after) this.#add(after, 1);
  }

  #add(task: Task, by: number): void {
    if (task.lastStatus === 'STOPPED') return;
    const counts = this.of(task.clusterArn);
    const phase = phaseOf(task);
    const next = {
      ...counts,
      notStopped: counts.notStopped + by,
      ...(phase && {
        [phase]: { ...counts[phase], [task.launchType]: counts[phase][task.launchType] + by },
      }),
    };
    if (next.notStopped === 0) this.#clusters.delete(task.clusterArn);
    else this.#clusters.set(task.clusterArn, next);
  }
}

/** A task leaves both counts as soon as it is wanted STOPPED (a recording of ECS shows it so). */
function phaseOf({ desiredStatus, lastStatus }: Task): 'running' | 'pending' | undefined {
  if (desiredStatus === 'STOPPED') return undefined;
  return lastStatus === 'RUNNING' ? 'running' : 'pending';
}

const noneOfDeployment: DeploymentCounts = { running: 0, pending: 0 };

class CountsOfDeployments implements Derivation<Task> {
  readonly #deployments = new Map<string, DeploymentCounts>();

  of(clusterArn: string, group: string, deploymentId: string): DeploymentCounts {
    return this.#deployments.get(`${clusterArn} ${group} ${deploymentId}`) ?? noneOfDeployment;
  }

  changed(_: string, before: Task | undefined, after: Task | undefined): void {
    const from = before && servicePhaseOf(before);
    const to = after && servicePhaseOf(after);
    if (from === to && before?.startedBy === after?.startedBy) return;
    if (before && from) this.#add(before, from, -1);
    if (after && to) this.#add(after, to, 1);
  }

  #add({ clusterArn, group, startedBy }: Task, phase: keyof DeploymentCounts, by: number): void {
    const key = `${clusterArn} ${group} ${startedBy}`;
    const counts = this.#deployments.get(key) ?? noneOfDeployment;
    const next = { ...counts, [phase]: counts[phase] + by };
    if (next.running === 0 && next.pending === 0) this.#deployments.delete(key);
    else this.#deployments.set(key, next);
  }
}

function servicePhaseOf(task: Task): keyof DeploymentCounts | undefined {
  if (!isScheduled(task.group) || !isLive(task)) return undefined;
  return isRunning(task) ? 'running' : 'pending';
}

class StatusCounts implements Derivation<Task> {
  readonly counts = new Map<TaskStatus, number>();

  changed(_: string, before: Task | undefined, after: Task | undefined): void {
    if (before?.lastStatus === after?.lastStatus) return;
    if (before) this.#add(before.lastStatus, -1);
    if (after) this.#add(after.lastStatus, 1);
  }

  #add(status: TaskStatus, by: number): void {
    this.counts.set(status, (this.counts.get(status) ?? 0) + by);
  }
}
