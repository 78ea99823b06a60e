import { lastPathElement } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { hasHealthCheck } from '../task/new-task.ts';
import { taskHealth, type Task } from '../task/task.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { ProxyEndpoint } from './proxy-config.ts';

/** Whether a task is behind an endpoint of its service. */
export type Membership =
  | { readonly kind: 'In'; readonly endpoint: ProxyEndpoint }
  /** It gets in at that moment, if it has not turned out to be UNHEALTHY by then. */
  | { readonly kind: 'Waits'; readonly until: Instant }
  | { readonly kind: 'Out' };

const out: Membership = { kind: 'Out' };
/** Developer Guide, "Amazon ECS Service Connect and health checks". */
const longestHealthWaitMs = 8 * 60 * 1000;
/** API reference, "HealthCheck". */
const defaultCheck = { interval: 30, retries: 3, startPeriod: 0 };

/**
 * A task that is HEALTHY is in at once. One whose health is UNKNOWN is given the time that its checks need, and is in
 * then all the same. One that is told to stop is out before it hears of it.
 */
export function membershipOf(
  task: Task,
  definition: TaskDefinition | undefined,
  discoveryArn: string,
  now: Instant,
): Membership {
  const endpoint = endpointOf(task, discoveryArn);
  if (!endpoint || !isMember(task)) return out;
  const health = taskHealth(task);
  if (health === 'UNHEALTHY') return out;
  if (health === 'HEALTHY') return { kind: 'In', endpoint };
  const until = (task.startedAt ?? now) + healthWaitMs(definition);
  return now >= until ? { kind: 'In', endpoint } : { kind: 'Waits', until };
}

/** Whether anything of a task may be behind endpoints, whatever its health is. */
export function isMember({ lastStatus, desiredStatus }: Task): boolean {
  return lastStatus === 'RUNNING' && desiredStatus === 'RUNNING';
}

/** Where others reach it; undefined for one that has no address of its own. */
function endpointOf(task: Task, discoveryArn: string): ProxyEndpoint | undefined {
  const address = task.networkInterface?.address?.privateIpv4Address;
  const endpoint = task.serviceConnect?.setting.endpoints.find(
    (one) => one.discoveryArn === discoveryArn,
  );
  if (address === undefined || !endpoint) return undefined;
  const port = endpoint.ingressPortOverride ?? endpoint.containerPort;
  return { id: lastPathElement(task.arn), address, port };
}

/** How long the checks of essential containers may take until they know. */
function healthWaitMs(definition: TaskDefinition | undefined): number {
  const checked = (definition?.content.containerDefinitions ?? []).filter(
    (container) => container.essential && hasHealthCheck(container),
  );
  const waits = checked.map(({ healthCheck }) => {
    const interval = healthCheck?.interval ?? defaultCheck.interval;
    const retries = healthCheck?.retries ?? defaultCheck.retries;
    return ((healthCheck?.startPeriod ?? defaultCheck.startPeriod) + interval * retries) * 1000;
  });
  return Math.min(Math.max(0, ...waits), longestHealthWaitMs);
}
