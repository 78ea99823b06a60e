import type { Instant } from '../instant.ts';
import { containerInstanceArn, lastPathElement, scopeOfArn, taskArn } from '../arn.ts';
import { isoInstant } from '../iso-instant.ts';
import { toldRefusal } from '../service/placement-trouble.ts';
import { messageOf, messages } from '../service/service-messages.ts';
import type { Service, ServiceEvent } from '../service/service.ts';
import type { EventContent } from './ecs-event.ts';

/** What an `ECS Service Action` is about. */
interface Action {
  readonly eventType: 'INFO' | 'WARN' | 'ERROR';
  readonly eventName: string;
  readonly reason?: string;
  readonly containerInstanceArns?: readonly string[];
  readonly taskArns?: readonly string[];
}

/** The actions that a change of a service tells of, oldest first. Those that clients see as messages are taken from them. */
export function serviceActions(
  before: Service | undefined,
  after: Service,
  at: Instant,
): readonly EventContent[] {
  const told = before?.events === after.events ? [] : addedEvents(before, after);
  const actions = [
    ...countActions(before, after),
    ...told.flatMap((event) => actionOf(after, event) ?? []),
  ];
  return actions.map((action) => contentOf(after, action, at));
}

/** Only where the scheduler has counted, which it does for daemons: what users ask for is no news to them. */
function countActions(before: Service | undefined, after: Service): readonly Action[] {
  if (after.schedulingStrategy !== 'DAEMON' || after.status !== 'ACTIVE') return [];
  if (!before || before.desiredCount === after.desiredCount) return [];
  return [{ eventType: 'INFO', eventName: 'SERVICE_DESIRED_COUNT_UPDATED' }];
}

function contentOf(service: Service, action: Action, at: Instant): EventContent {
  const { eventType, eventName, ...particulars } = action;
  const { clusterArn } = service;
  const createdAt = isoInstant(at);
  const detail = { eventType, eventName, clusterArn, ...particulars, createdAt };
  return { type: 'ECS Service Action', resourceArn: service.arn, detail };
}

function addedEvents(before: Service | undefined, after: Service): readonly ServiceEvent[] {
  const newestBefore = before?.events[0]?.id;
  const known = after.events.findIndex(({ id }) => id === newestBefore);
  return after.events.slice(0, known === -1 ? undefined : known).toReversed();
}

const unplaced = /was unable to place a task\. Reason: (?<reason>.*)\.$/s;
const heldBack = /was unable to scale in due to \(reason \d+ tasks under protection\)$/;

function actionOf(service: Service, { message }: ServiceEvent): Action | undefined {
  if (message === messageOf(service, messages.steady)) {
    return { eventType: 'INFO', eventName: 'SERVICE_STEADY_STATE' };
  }
  if (message === messageOf(service, messages.startImpaired)) {
    return { eventType: 'WARN', eventName: 'SERVICE_TASK_START_IMPAIRED' };
  }
  const reason = unplaced.exec(message)?.groups?.['reason'];
  if (reason !== undefined) {
    return { eventType: 'ERROR', eventName: 'SERVICE_TASK_PLACEMENT_FAILURE', reason };
  }
  if (!heldBack.test(message))
    return refusalAction(service, message) ?? zoneAction(service, message);
  return { eventType: 'INFO', eventName: 'TASKSET_SCALE_IN_FAILURE_BY_TASK_PROTECTION' };
}

function refusalAction(service: Service, message: string): Action | undefined {
  const refusal = toldRefusal(message);
  if (!refusal) return undefined;
  const { reason, instanceId } = refusal;
  const scope = scopeOfArn(service.arn);
  const clusterName = lastPathElement(service.clusterArn);
  return {
    eventType: 'ERROR',
    eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
    ...(instanceId !== undefined && {
      containerInstanceArns: [containerInstanceArn(scope, clusterName, instanceId)],
    }),
    reason,
  };
}

/** What the balancing of Availability Zones tells. */
function zoneAction(service: Service, message: string): Action | undefined {
  const eventName = zoneEventName(message);
  if (eventName === undefined) return undefined;
  const scope = scopeOfArn(service.arn);
  const clusterName = lastPathElement(service.clusterArn);
  const ids = [...message.matchAll(/\(task ([^)]+)\)/g)].map(([, id = '']) => id);
  const taskArns = ids.map((id) => taskArn(scope, clusterName, id));
  return { eventType: 'INFO', eventName, ...(taskArns.length > 0 && { taskArns }) };
}

function zoneEventName(message: string): string | undefined {
  if (message.endsWith('AZ Rebalancing in progress.')) return 'SERVICE_REBALANCING_STARTED';
  if (message.endsWith(messages.balancingStopped)) return 'SERVICE_REBALANCING_STOPPED';
  if (message.includes(' is AZ balanced with ')) return 'SERVICE_REBALANCING_COMPLETED';
  if (message.includes(' to AZ Rebalance: ')) return 'TASKS_STARTED';
  return message.includes(' due to AZ rebalancing: ') ? 'TASKS_STOPPED' : undefined;
}
