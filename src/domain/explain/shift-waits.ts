import type { ServiceDeployment } from '../service/service-deployment.ts';
import { hookIdOf, isEnded } from '../service/strategies/hook-runs.ts';
import type { HookRun, Lifecycle } from '../service/strategies/lifecycle.ts';
import type { Wait } from './explanation.ts';

/** What a deployment that shifts traffic waits for in its stage, besides tasks. */
export function shiftWaits({ lifecycle }: ServiceDeployment): readonly Wait[] {
  if (!lifecycle) return [];
  const open = lifecycle.hooks.filter((run) => !isEnded(run));
  if (open.length > 0) return open.map((run) => hookWait(run, lifecycle));
  const { stage, hooksDoneAt: since = lifecycle.enteredAt } = lifecycle;
  if (stage === 'BAKE_TIME') return [{ text: 'the bake time passes', since }];
  if (stage !== 'PRODUCTION_TRAFFIC_SHIFT') return [];
  const share = lifecycle.traffic.production;
  return [{ text: `the new revision has ${share} percent of the traffic for a while`, since }];
}

function hookWait(run: HookRun, { stage }: Lifecycle): Wait {
  const { startedAt: since } = run;
  return run.targetType === 'PAUSE'
    ? { text: `somebody continues the pause ${hookIdOf(run)} at ${stage}`, since }
    : { text: `the hook ${run.targetArn} agrees to ${stage}`, since };
}
