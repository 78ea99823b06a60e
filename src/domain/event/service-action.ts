import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import { messageOf, messages } from '../service/service-messages.ts';
import type { Service, ServiceEvent } from '../service/service.ts';
import type { EventContent } from './ecs-event.ts';

/** What an `ECS Service Action` is about. */
interface Action {
  readonly eventType: 'INFO' | 'WARN' | 'ERROR';
  readonly eventName: string;
  readonly reason?: string;
}

/** The actions that a change of a service tells of, oldest first. Those that clients see as messages are taken from them. */
export function serviceActions(
  before: Service | undefined,
  after: Service,
  at: Instant,
): readonly EventContent[] {
  if (before?.events === after.events) return [];
  return addedEvents(before, after).flatMap((event) => {
    const action = actionOf(after, event);
    return action ? [contentOf(after, action, at)] : [];
  });
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
  if (!heldBack.test(message)) return undefined;
  return { eventType: 'INFO', eventName: 'TASKSET_SCALE_IN_FAILURE_BY_TASK_PROTECTION' };
}
