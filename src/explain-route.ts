import { definitionOfTask } from './state/definition-of-task.ts';
import type { IncomingMessage } from 'node:http';
import type { Compute } from './compute/compute.ts';
import { lastLines } from './compute/last-lines.ts';
import { findTaskHistory } from './controllers/task-history.ts';
import { isArn, partitionOf, scopeOfArn, type ClusterArn, type Scope } from './domain/arn.ts';
import { parseClusterRef } from './domain/cluster/cluster-ref.ts';
import type { ContainerInstance } from './domain/container-instance/container-instance.ts';
import { isAway } from './domain/explain/absence.ts';
import type { Explanation } from './domain/explain/explanation.ts';
import { explanationText } from './domain/explain/explanation-text.ts';
import {
  explainDeployment,
  explainService,
  type DefinitionOf,
  type ExplainedService,
} from './domain/explain/explain-service.ts';
import { explainExternalService } from './domain/explain/explain-external-service.ts';
import { explainTask } from './domain/explain/explain-task.ts';
import { isoInstant } from './domain/iso-instant.ts';
import { present } from './domain/present.ts';
import { rolloutOf, type ServiceDeployment } from './domain/service/service-deployment.ts';
import { parseServiceDeploymentArn } from './domain/service/service-part-ref.ts';
import { parseServiceRef } from './domain/service/service-ref.ts';
import {
  isExternal,
  primaryOf,
  serviceGroup,
  type AnyService,
  type Service,
} from './domain/service/service.ts';
import type { Task } from './domain/task/task.ts';
import { parseTaskRef } from './domain/task/task-ref.ts';
import type { Caller } from './protocol/caller.ts';
import { isInReach } from './signed-routes.ts';
import type { State } from './state/state.ts';
import type { Clock } from './support/clock.ts';

export interface ExplainParts {
  readonly state: State;
  readonly compute: Compute;
  readonly clock: Clock;
}

/** Explains what a query names; undefined where there is no such thing, or none of the caller's account. */
export async function explain(
  parts: ExplainParts,
  search: URLSearchParams,
  caller: Caller | undefined,
): Promise<Explanation | undefined> {
  const named = caller ? withScopeOf(caller, search) : search;
  const explanation = await explainNamed(parts, named);
  return explanation && isInReach(explanation.arn, caller) ? explanation : undefined;
}

/** Short names are of the caller's account, and of the region that the request was signed for, if nothing else is said. */
function withScopeOf({ accountId, region }: Caller, search: URLSearchParams): URLSearchParams {
  const named = new URLSearchParams({ region, ...Object.fromEntries(search) });
  named.set('account', accountId);
  return named;
}

async function explainNamed(
  parts: ExplainParts,
  search: URLSearchParams,
): Promise<Explanation | undefined> {
  const [task, service, deployment] = ['task', 'service', 'deployment'].map((name) =>
    search.get(name),
  );
  if (task) return explainOneTask(parts, task, search);
  if (service) return explainOneService(parts, service, search);
  if (deployment) return explainOneDeployment(parts, deployment, search);
  throw new RangeError('Name a task, a service or a deployment: ?task=, ?service= or ?deployment=');
}

async function explainOneTask(
  { state, compute }: ExplainParts,
  ref: string,
  search: URLSearchParams,
): Promise<Explanation | undefined> {
  const arn = parseTaskRef(clusterOf(ref, search), ref);
  const task = state.read.tasks.findByArn(arn);
  if (!task) return findTaskHistory(state, arn);
  const definition = definitionsOf(state)(task);
  const output = await lastLines(compute, task);
  const away = awayOf(state, [task]);
  const engineIsAway = task.containerInstanceArn === undefined && !compute.health().available;
  return explainTask({ task, definition, away, output, engineIsAway });
}

function explainOneService(
  { state, clock }: ExplainParts,
  ref: string,
  search: URLSearchParams,
): Explanation | undefined {
  const service = state.read.services.findByArn(parseServiceRef(clusterOf(ref, search), ref));
  if (!service) return undefined;
  const explanation = isExternal(service)
    ? explainExternalService({
        service,
        tasks: tasksOf(state, service),
        newestEndOf: (id) => state.read.tasks.newestEndOf(service.clusterArn, id),
        definitionOf: definitionsOf(state),
      })
    : explainService(observed(state, service), clock.now());
  const { scalableTargets, scalingRuns } = state.read;
  const target = scalableTargets.find(service.arn);
  if (!target) return explanation;
  const { minCapacity, maxCapacity } = target;
  const { decision } = scalingRuns.find(service.arn) ?? {};
  return { ...explanation, scaling: { minCapacity, maxCapacity, ...present({ decision }) } };
}

/** By its ARN, or by the id `ecs-svc/...` that DescribeServices shows. */
function explainOneDeployment(
  { state, clock }: ExplainParts,
  ref: string,
  search: URLSearchParams,
): Explanation | undefined {
  const deployment = isArn(ref)
    ? state.read.serviceDeployments.findByArn(parseServiceDeploymentArn(scopeOfArn(ref), ref))
    : findById(state, clusterOf(ref, search), ref);
  if (!deployment) return undefined;
  const found = state.read.services.findByArn(deployment.serviceArn);
  const service = found && !isExternal(found) ? found : undefined;
  return explainDeployment(deployment, service && observed(state, service), clock.now());
}

/** ECS has no more than 5,000 services in a cluster. */
function findById(
  { read: { services, serviceDeployments } }: State,
  cluster: ClusterArn,
  id: string,
): ServiceDeployment | undefined {
  for (const service of services.list(cluster, undefined)) {
    if (isExternal(service)) continue;
    const deployment = service.deployments.find((one) => one.id === id);
    if (deployment) {
      return rolloutOf([...serviceDeployments.ofService(service.arn)], deployment.revision);
    }
  }
  return undefined;
}

function tasksOf({ read: { tasks } }: State, { clusterArn, name }: AnyService): readonly Task[] {
  return tasks.unaccountedOf(clusterArn, serviceGroup(name));
}

/** The container instances of tasks that are away. */
function awayOf(
  { read: { containerInstances } }: State,
  tasks: readonly Task[],
): readonly ContainerInstance[] {
  const arns = new Set(tasks.flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []));
  return [...arns].flatMap((arn) => containerInstances.findByArn(arn) ?? []).filter(isAway);
}

function observed(state: State, service: Service): ExplainedService {
  const { tasks, serviceDeployments } = state.read;
  const mine = tasksOf(state, service);
  return {
    service,
    tasks: mine,
    away: awayOf(state, mine),
    rollouts: serviceDeployments.unfinishedOf(service.arn),
    newestEnd: tasks.newestEndOf(service.clusterArn, primaryOf(service).id),
    definitionOf: definitionsOf(state),
  };
}

function definitionsOf({ read }: State): DefinitionOf {
  return (task) => definitionOfTask(read, task);
}

/** That of an ARN, or the one that the query names beside a short name. */
function clusterOf(ref: string, search: URLSearchParams): ClusterArn {
  if (isArn(ref)) {
    const [, ...path] = ref.split('/');
    const name = path.length > 1 ? path[0] : (search.get('cluster') ?? undefined);
    return parseClusterRef(scopeOfArn(ref), name);
  }
  const cluster = search.get('cluster') ?? undefined;
  const isOfArn = cluster !== undefined && isArn(cluster);
  return parseClusterRef(isOfArn ? scopeOfArn(cluster) : scopeOf(search), cluster);
}

function scopeOf(search: URLSearchParams): Scope {
  const region = search.get('region') ?? 'us-east-1';
  const accountId = search.get('account') ?? '012345678910';
  return { partition: partitionOf(region), region, accountId };
}

/** As text for people, to those who ask for it; else as JSON. */
export function rendered(
  explanation: Explanation,
  { headers }: IncomingMessage,
  clock: Clock,
): { readonly type: string; readonly text: string } {
  if (headers.accept?.startsWith('text/plain')) {
    return { type: 'text/plain', text: explanationText(explanation, clock.now()) };
  }
  return { type: 'application/json', text: `${JSON.stringify(explanation, withTimes)}\n` };
}

const moments: ReadonlySet<string> = new Set(['since', 'from', 'until', 'at']);

/** Moments are written as events write them. */
function withTimes(name: string, value: unknown): unknown {
  return moments.has(name) && typeof value === 'number' ? isoInstant(value) : value;
}
