import type { ServiceRevisionArn } from '../../arn.ts';
import type { Instant } from '../../instant.ts';

/** How traffic goes from one revision to the next; services without any of these are ROLLING. */
export type ShiftStrategy =
  | { readonly strategy: 'BLUE_GREEN' }
  | {
      readonly strategy: 'LINEAR';
      readonly stepPercent: number;
      readonly stepBakeTimeInMinutes: number;
    }
  | {
      readonly strategy: 'CANARY';
      readonly canaryPercent: number;
      readonly canaryBakeTimeInMinutes: number;
    };

/** The stages of a deployment that shifts traffic, in their order (Developer Guide, "Lifecycle stages"). */
export const lifecycleStages = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
] as const;

export type LifecycleStage = (typeof lifecycleStages)[number];
export type HookStage = Exclude<LifecycleStage, 'SCALE_UP' | 'BAKE_TIME' | 'CLEAN_UP'>;
export type HookAction = 'CONTINUE' | 'ROLLBACK';

interface HookTerms {
  readonly lifecycleStages: readonly HookStage[];
  readonly timeoutInMinutes: number;
  readonly timeoutAction: HookAction;
}

/** Something that has its say before a stage ends. */
export type LifecycleHook =
  | (HookTerms & {
      readonly targetType: 'AWS_LAMBDA';
      readonly hookTargetArn: string;
      readonly roleArn: string;
      /** Any JSON document. */
      readonly hookDetails?: unknown;
    })
  | (HookTerms & { readonly targetType: 'PAUSE' });

interface Run {
  /** Empty until the record is written for the first time. */
  readonly id: string;
  readonly startedAt: Instant;
  readonly expiresAt: Instant;
  readonly timeoutAction: HookAction;
}

/** A hook of the current stage, on its way. */
export type HookRun =
  | (Run & {
      readonly targetType: 'AWS_LAMBDA';
      readonly targetArn: string;
      readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
      readonly nextCallAt: Instant;
      readonly hookDetails?: unknown;
      /** What went wrong, as the deployment's reason says it. */
      readonly failure?: string;
    })
  | (Run & {
      readonly targetType: 'PAUSE';
      readonly status: 'AWAITING_ACTION' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
    });

/** How far a deployment that shifts traffic has come. */
export interface Lifecycle {
  readonly stage: LifecycleStage;
  /** Back once it is being rolled back. */
  readonly direction: 'Forward' | 'Back';
  /** The step of the shift, from 0; PRE_PRODUCTION and PRODUCTION_TRAFFIC_SHIFT come once a step. */
  readonly step: number;
  readonly enteredAt: Instant;
  /** The revision that served when the deployment began; absent for the first one of a service. */
  readonly blue?: ServiceRevisionArn;
  readonly hooks: readonly HookRun[];
  /** When the last hook of the stage ended; what bakes begins then. */
  readonly hooksDoneAt?: Instant;
  readonly traffic: TrafficShift;
}

/**
 * How much of a service's traffic goes to the new revision, in percent; the rest goes to the one that served
 * before. The planner alone writes it. It is what a data plane is to bring about: it reads it from the record of the
 * service deployment.
 */
export interface TrafficShift {
  readonly production: number;
  readonly test: number;
}

/** The production weights of the new revision, step by step. */
export function trafficSteps(shift: ShiftStrategy): readonly number[] {
  switch (shift.strategy) {
    case 'BLUE_GREEN':
      return [100];
    case 'CANARY':
      return shift.canaryPercent < 100 ? [shift.canaryPercent, 100] : [100];
    case 'LINEAR': {
      const count = Math.ceil(100 / shift.stepPercent);
      return Array.from({ length: count }, (_, step) => {
        return Math.min(100, Number(((step + 1) * shift.stepPercent).toFixed(1)));
      });
    }
  }
}

/** How long a step is watched before the next one; nothing follows the last. */
export function stepBakeMs(shift: ShiftStrategy): number {
  switch (shift.strategy) {
    case 'BLUE_GREEN':
      return 0;
    case 'CANARY':
      return shift.canaryBakeTimeInMinutes * 60_000;
    case 'LINEAR':
      return shift.stepBakeTimeInMinutes * 60_000;
  }
}

export function isAtOrAfter(stage: LifecycleStage, other: LifecycleStage): boolean {
  return lifecycleStages.indexOf(stage) >= lifecycleStages.indexOf(other);
}
