import { isoInstant } from '../iso-instant.ts';
import type { ServiceDeployment } from '../service/service-deployment.ts';
import { hookIdOf, isEnded } from '../service/strategies/hook-runs.ts';
import type { HookRun, Lifecycle } from '../service/strategies/lifecycle.ts';
import { bakedAt } from '../service/strategies/plan-shift.ts';
import { alarmsUnheard, bakeText } from './rolling-waits.ts';
import type { Wait } from './explanation.ts';

/** What a deployment that shifts traffic waits for in its stage, besides tasks. */
export function shiftWaits(rollout: ServiceDeployment): readonly Wait[] {
  const { lifecycle, deploymentConfiguration } = rollout;
  const { shift: strategy } = deploymentConfiguration;
  if (!lifecycle || !strategy) return [];
  const open = lifecycle.hooks.filter((run) => !isEnded(run));
  if (open.length > 0) return open.map((run) => hookWait(run, lifecycle));
  const { stage, direction, hooksDoneAt: since = lifecycle.enteredAt } = lifecycle;
  if (direction === 'Back') {
    const text = 'the former revision gets its tasks back, before all traffic goes to it again';
    return stage === 'SCALE_UP' ? [{ text, since }] : [];
  }
  const until = bakedAt({ rollout, strategy }, lifecycle);
  if (stage === 'BAKE_TIME') {
    return [{ text: until === undefined ? alarmsUnheard : bakeText(until), since }];
  }
  if (stage !== 'PRODUCTION_TRAFFIC_SHIFT') return [];
  const share = lifecycle.traffic.production;
  const text = `the new revision has ${share} percent of the traffic until ${isoInstant(until ?? since)}`;
  return [{ text, since }];
}

function hookWait(run: HookRun, { stage }: Lifecycle): Wait {
  const { startedAt: since, expiresAt, timeoutAction } = run;
  const otherwise = timeoutAction === 'ROLLBACK' ? 'it is rolled back' : 'it goes on by itself';
  const what =
    run.targetType === 'PAUSE'
      ? `somebody continues the pause ${hookIdOf(run)} at ${stage}`
      : `the hook ${run.targetArn} agrees to ${stage}`;
  return { text: `${what}; otherwise ${otherwise} at ${isoInstant(expiresAt)}`, since };
}
