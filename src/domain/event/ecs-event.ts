import { scopeOfArn } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { isoSecond } from '../iso-instant.ts';

/** The kinds of events that ECS sends to EventBridge (Developer Guide, "Amazon ECS events"). */
export const eventTypes = [
  'ECS Task State Change',
  'ECS Container Instance State Change',
  'ECS Service Action',
  'ECS Deployment State Change',
  'ECS Hook State Change',
  'ECS Daemon Action',
] as const;

export type EventType = (typeof eventTypes)[number];

/** What an event says: of which resource, and what has become of it. */
export interface EventContent {
  readonly type: EventType;
  readonly resourceArn: string;
  readonly detail: object;
}

/** An event as EventBridge gives it to its targets. */
export interface EcsEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': EventType;
  readonly source: 'aws.ecs';
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly [string];
  readonly detail: object;
}

export function ecsEvent(
  { type, resourceArn, detail }: EventContent,
  { id, at }: { readonly id: string; readonly at: Instant },
): EcsEvent {
  const { accountId: account, region } = scopeOfArn(resourceArn);
  return {
    version: '0',
    id,
    'detail-type': type,
    source: 'aws.ecs',
    account,
    time: isoSecond(at),
    region,
    resources: [resourceArn],
    detail,
  };
}
