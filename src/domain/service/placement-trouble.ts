import { lastPathElement } from '../arn.ts';
import type { Instant } from '../instant.ts';
import {
  emptyCapacityProvider,
  failureReasons,
  type PlacementFailure,
} from '../placement/placement-failure.ts';
import { messages, troubleshooting, type Telling } from './service-messages.ts';
import { announceOnce, withDeployment, type Draft, type ServiceAction } from './service-plan.ts';
import { noHosts } from './hosts.ts';
import type { Deployment, Service } from './service.ts';

const firstDelayMs = 5_000;
const longestDelayMs = 60_000;
/** [inferred] */
const zoneRetryMs = 60_000;
/** A cluster without room must not trip the circuit breaker within seconds. */
const countedEveryMs = 10_000;

/** What becomes of a service whose tasks found no place, and what it tells. */
export interface PlacementOutcome {
  readonly service: Service;
  readonly tellings: readonly Telling[];
}

/**
 * Notes that tasks of a deployment found no place. Another look before it is due, because something
 * has changed, lengthens no delay.
 */
export function withoutPlace(
  service: Service,
  id: string,
  failures: readonly PlacementFailure[],
  now: Instant,
): PlacementOutcome {
  const deployment = service.deployments.find((one) => one.id === id);
  if (!deployment) return { service, tellings: [] };
  const told = announceOnce(draftOf(service), refusal(failures), now);
  const noted = withDeployment(told, waiting(deployment, now));
  return { service: noted.service, tellings: told.actions.flatMap(announced) };
}

/** No instance of a zone had a place; the tasks stay where they are for a while. */
export function withoutPlaceInZone(service: Service, zone: string, now: Instant): PlacementOutcome {
  const told = announceOnce(draftOf(service), messages.noPlaceInZone(zone), now);
  const { startedAt = now } = service.rebalancing ?? {};
  const rebalancing = { startedAt, retryAt: now + zoneRetryMs };
  return { service: { ...service, rebalancing }, tellings: told.actions.flatMap(announced) };
}

/** Every task has its place: what comes next begins anew. */
export function withPlace(service: Service, id: string): Service {
  const deployment = service.deployments.find((one) => one.id === id);
  if (!deployment?.placeless) return service;
  const { placeless: _, ...placed } = deployment;
  return withDeployment(draftOf(service), placed).service;
}

function draftOf(service: Service): Draft {
  return { service, tasks: [], rollouts: [], hosts: noHosts, suited: [], zones: [], actions: [] };
}

function announced(action: ServiceAction): readonly Telling[] {
  return action.kind === 'Announce' ? [action.telling] : [];
}

function waiting(deployment: Deployment, now: Instant): Deployment {
  const { rounds, until, countedAt } = deployment.placeless ?? {
    rounds: 0,
    until: 0,
    countedAt: 0,
  };
  if (until > now) return deployment;
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** rounds);
  const isCounted = isCountable(deployment) && now - countedAt >= countedEveryMs;
  return {
    ...deployment,
    failedTasks: deployment.failedTasks + (isCounted ? 1 : 0),
    placeless: {
      rounds: rounds + 1,
      until: now + delay,
      countedAt: isCounted ? now : countedAt,
    },
  };
}

/** The circuit breaker's first stage counts what cannot be launched as well. */
function isCountable({ rolloutState, lastStartAt }: Deployment): boolean {
  return rolloutState === 'IN_PROGRESS' && lastStartAt === undefined;
}

const noPlace =
  'was unable to place a task because no container instance met all of its requirements.';

function refusal(failures: readonly PlacementFailure[]): Telling {
  const closest = closestOf(failures);
  if (closest?.arn !== undefined) {
    const { arn: containerInstanceArn, reason } = closest;
    const instance = `(container-instance ${lastPathElement(containerInstanceArn)})`;
    return {
      text: textOf(`The closest matching ${instance} ${shortcomingOf(reason)}.`),
      subject: { kind: 'PlacementFailed', reason, containerInstanceArn },
    };
  }
  const isOfProvider = failures.some(({ reason }) => reason === emptyCapacityProvider.reason);
  const where = isOfProvider ? 'capacity provider' : 'cluster';
  const reason = `No Container Instances were found in your ${where}`;
  return { text: textOf(`Reason: ${reason}.`), subject: { kind: 'PlacementFailed', reason } };
}

function textOf(why: string): string {
  return `${noPlace} ${why} ${troubleshooting}`;
}

const filters: readonly string[] = Object.values(failureReasons);

/** The instance that passes most of the filters, the first to be registered among equals. */
function closestOf(failures: readonly PlacementFailure[]): PlacementFailure | undefined {
  let closest: PlacementFailure | undefined;
  for (const failure of failures) {
    const isCloser = !closest || filters.indexOf(failure.reason) > filters.indexOf(closest.reason);
    if (failure.arn !== undefined && isCloser) closest = failure;
  }
  return closest;
}

/** What an instance lacks, by the reason; other reasons are said as they are. */
const shortcomings: Readonly<Record<string, string>> = {
  [failureReasons.cpu]: 'has insufficient CPU units available',
  [failureReasons.memory]: 'has insufficient memory available',
  [failureReasons.gpu]: 'has insufficient GPU resource available',
  [failureReasons.ports]: 'is already using a port required by your task',
  [failureReasons.udpPorts]: 'is already using a port required by your task',
  // [inferred]
  [failureReasons.attribute]: 'is missing an attribute required by your task',
  [failureReasons.distinctInstance]:
    'encountered error "DistinctInstance placement constraint unsatisfied."',
};

function shortcomingOf(reason: string): string {
  return shortcomings[reason] ?? `encountered error "${reason}"`;
}
