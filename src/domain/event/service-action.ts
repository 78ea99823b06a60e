import {
  capacityProviderArn,
  containerInstanceArn,
  lastPathElement,
  scopeOfArn,
  taskArn,
} from '../arn.ts';
import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import { failureReasons } from '../placement/placement-failure.ts';
import { troubleshooting } from '../service/service-messages.ts';
import { revisionsOf, type AnyService, type ServiceEvent } from '../service/service.ts';
import type { EventContent } from './ecs-event.ts';

/** What an `ECS Service Action` is about. */
interface Action {
  readonly eventType: 'INFO' | 'WARN' | 'ERROR';
  readonly eventName: string;
  readonly capacityProviderArns?: readonly string[];
  readonly containerInstanceArns?: readonly string[];
  readonly taskArns?: readonly string[];
  readonly reason?: string;
}

/** The actions that a change of a service tells of, oldest first. Those that clients see as messages are taken from them. */
export function serviceActions(
  before: AnyService | undefined,
  after: AnyService,
  at: Instant,
): readonly EventContent[] {
  const told = before?.events === after.events ? [] : addedEvents(before, after);
  const actions = told.flatMap((event) => actionsOf(after, event));
  const counted = isRecounted(before, after) ? [info('SERVICE_DESIRED_COUNT_UPDATED')()] : [];
  return [...counted, ...actions].map((action) => contentOf(after, action, at));
}

/** Only a count that the scheduler has computed is told of, not one that a user has set. */
function isRecounted(before: AnyService | undefined, after: AnyService): boolean {
  return (
    after.schedulingStrategy === 'DAEMON' &&
    after.status === 'ACTIVE' &&
    (before?.desiredCount ?? 0) !== after.desiredCount
  );
}

function contentOf(service: AnyService, action: Action, at: Instant): EventContent {
  const { eventType, eventName, ...particulars } = action;
  const { clusterArn } = service;
  const createdAt = isoInstant(at);
  const detail = { eventType, eventName, clusterArn, ...particulars, createdAt };
  return { type: 'ECS Service Action', resourceArn: service.arn, detail };
}

function addedEvents(before: AnyService | undefined, after: AnyService): readonly ServiceEvent[] {
  const newestBefore = before?.events[0]?.id;
  const known = after.events.findIndex(({ id }) => id === newestBefore);
  return after.events.slice(0, known === -1 ? undefined : known).toReversed();
}

/** What tells of an action in a message, and what follows from it. */
const tellings: readonly {
  readonly pattern: RegExp;
  readonly action: (match: RegExpExecArray, service: AnyService) => Action;
}[] = [
  {
    pattern: /, taskSet ecs-svc\/\d+\) has reached a steady state\.$/,
    action: info('TASKSET_STEADY_STATE'),
  },
  {
    pattern: /\) updated computedDesiredCount for taskSet /,
    action: info('SERVICE_DESIRED_COUNT_UPDATED'),
  },
  { pattern: /\) has reached a steady state\.$/, action: info('SERVICE_STEADY_STATE') },
  {
    pattern: /\) is unable to consistently start tasks successfully\./,
    action: () => ({ eventType: 'WARN', eventName: 'SERVICE_TASK_START_IMPAIRED' }),
  },
  { pattern: /\) was unable to place a task[. ](?<text>[^]*)$/, action: placementFailure },
  {
    pattern: /was unable to scale in due to \(reason \d+ tasks under protection\)$/,
    action: info('TASKSET_SCALE_IN_FAILURE_BY_TASK_PROTECTION'),
  },
  {
    pattern: /\(task \w+\) no longer meets the placement constraints of the service\.$/,
    action: violation,
  },
  { pattern: /\) is not AZ balanced with /, action: info('SERVICE_REBALANCING_STARTED') },
  { pattern: /\) is AZ balanced with /, action: info('SERVICE_REBALANCING_COMPLETED') },
  { pattern: /\) stopped AZ Rebalancing\.$/, action: info('SERVICE_REBALANCING_STOPPED') },
  { pattern: /\) has started .* to AZ Rebalance: /, action: withTasks('TASKS_STARTED') },
  { pattern: /\) has stopped .* due to AZ rebalancing: /, action: withTasks('TASKS_STOPPED') },
];

function actionsOf(service: AnyService, { message }: ServiceEvent): readonly Action[] {
  for (const { pattern, action } of tellings) {
    const match = pattern.exec(message);
    if (!match) continue;
    const told = action(match, service);
    return [told, ...alsoOf(service, told)];
  }
  return [];
}

/** A steady service has no task left that waits for its capacity providers. */
function alsoOf(service: AnyService, { eventName }: Action): readonly Action[] {
  if (eventName !== 'SERVICE_STEADY_STATE') return [];
  const strategies = revisionsOf(service).flatMap((one) => one.capacityProviderStrategy ?? []);
  const names = [...new Set(strategies.map(({ capacityProvider }) => capacityProvider))];
  if (names.length === 0) return [];
  const capacityProviderArns = names.map((name) =>
    capacityProviderArn(scopeOfArn(service.arn), name),
  );
  return [{ ...info('CAPACITY_PROVIDER_STEADY_STATE')(), capacityProviderArns }];
}

function info(eventName: string): () => Action {
  return () => ({ eventType: 'INFO', eventName });
}

function withTasks(eventName: string) {
  return ({ input }: RegExpExecArray, { arn, clusterArn }: AnyService): Action => ({
    eventType: 'INFO',
    eventName,
    taskArns: [...input.matchAll(/\(task (\w+)\)/g)].map(([, id = '']) =>
      taskArn(scopeOfArn(arn), lastPathElement(clusterArn), id),
    ),
  });
}

function violation(match: RegExpExecArray, service: AnyService): Action {
  const eventName = 'SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED';
  return { ...withTasks(eventName)(match, service), eventType: 'ERROR' };
}

/** What the message says of the closest instance, and the reason that stands for it. */
const shortcomings: readonly (readonly [string, string])[] = [
  ['has insufficient CPU units available', failureReasons.cpu],
  ['has insufficient memory available', failureReasons.memory],
  ['has insufficient GPU resource available', failureReasons.gpu],
  ['is already using a port required by your task', failureReasons.ports],
  ['is missing an attribute required by your task', failureReasons.attribute],
];

function placementFailure(
  { groups: { text = '' } = {} }: RegExpExecArray,
  { arn, clusterArn }: AnyService,
): Action {
  const instance = /\(container-instance (\w+)\)/.exec(text)?.[1];
  const reason =
    shortcomings.find(([words]) => text.includes(words))?.[1] ??
    /encountered error "(.*?)"/.exec(text)?.[1] ??
    /Reason: (.*?)\.?$/s.exec(text.replace(` ${troubleshooting}`, ''))?.[1] ??
    text;
  return {
    eventType: 'ERROR',
    eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
    reason,
    ...(instance !== undefined && {
      containerInstanceArns: [
        containerInstanceArn(scopeOfArn(arn), lastPathElement(clusterArn), instance),
      ],
    }),
  };
}
