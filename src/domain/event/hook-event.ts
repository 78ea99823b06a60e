import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import type { ServiceDeployment } from '../service/service-deployment.ts';
import type { HookRun, LifecycleStage } from '../service/strategies/lifecycle.ts';
import type { EventContent } from './ecs-event.ts';

type Pause = Extract<HookRun, { targetType: 'PAUSE' }>;

const names = {
  AWAITING_ACTION: 'HOOK_AWAITING_ACTION',
  SUCCEEDED: 'HOOK_SUCCEEDED',
  FAILED: 'HOOK_FAILED',
  TIMED_OUT: 'HOOK_TIMED_OUT',
} as const satisfies Record<Pause['status'], string>;

/** `ECS Hook State Change`: one for each pause that has begun, or come to its end. */
export function hookEvents(
  before: ServiceDeployment | undefined,
  after: ServiceDeployment,
  at: Instant,
): readonly EventContent[] {
  if (before?.lifecycle === after.lifecycle) return [];
  const known = pausesOf(before);
  const left = pausesOf(after);
  const told: (readonly [Pause, LifecycleStage | undefined])[] = [
    ...expired(known, left, after.updatedAt).map((run) => [run, before?.lifecycle?.stage] as const),
    ...left
      .filter(({ id, status }) => known.find((run) => run.id === id)?.status !== status)
      .map((run) => [run, after.lifecycle?.stage] as const),
  ];
  return told.map(([run, stage]) => contentOf(after, run, stage, at));
}

function pausesOf(rollout: ServiceDeployment | undefined): readonly Pause[] {
  const hooks = rollout?.lifecycle?.hooks ?? [];
  return hooks.flatMap((run) => (run.targetType === 'PAUSE' ? [run] : []));
}

/** A stage can be left in the pass in which its pauses time out; its hooks are gone then. */
function expired(known: readonly Pause[], left: readonly Pause[], now: Instant): readonly Pause[] {
  return known
    .filter(({ id, status }) => status === 'AWAITING_ACTION' && !left.some((run) => run.id === id))
    .filter(({ expiresAt }) => expiresAt <= now)
    .map((run) => ({ ...run, status: 'TIMED_OUT' }));
}

/** The type of those that end badly, and `resources`, are [inferred]. */
function contentOf(
  { arn, serviceArn, clusterArn }: ServiceDeployment,
  { id, status, expiresAt }: Pause,
  lifecycleStage: LifecycleStage | undefined,
  at: Instant,
): EventContent {
  const isBad = status === 'FAILED' || status === 'TIMED_OUT';
  return {
    type: 'ECS Hook State Change',
    resourceArn: serviceArn,
    detail: {
      eventType: isBad ? 'ERROR' : 'INFO',
      eventName: names[status],
      hookId: id,
      hookType: 'PAUSE',
      expiresAt: isoInstant(expiresAt),
      lifecycleStage,
      clusterArn,
      serviceArn,
      serviceDeploymentArn: arn,
      updatedAt: isoInstant(at),
    },
  };
}
