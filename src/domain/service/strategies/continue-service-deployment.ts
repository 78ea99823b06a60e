import { invalidParameter, type EcsError } from '../../errors.ts';
import type { Instant } from '../../instant.ts';
import { isFinished, type ServiceDeployment } from '../service-deployment.ts';
import type { HookAction, HookRun } from './lifecycle.ts';

const hookIdPattern = /^ecs-[a-z]+-[A-Za-z0-9_-]+$/;

/** @throws EcsError InvalidParameterException */
export function checkHookId(hookId: string | undefined): string {
  if (hookId !== undefined && hookIdPattern.test(hookId)) return hookId;
  throw invalidParameter('Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}');
}

/**
 * Ends a pause, for good or bad.
 * @throws EcsError InvalidParameterException
 */
export function continuedDeployment(
  rollout: ServiceDeployment,
  hookId: string,
  action: HookAction,
  now: Instant,
): ServiceDeployment {
  if (isFinished(rollout)) throw inTerminalState();
  const { lifecycle } = rollout;
  const isAwaited = ({ id, status }: HookRun): boolean =>
    id === hookId && status === 'AWAITING_ACTION';
  if (!lifecycle?.hooks.some(isAwaited)) throw notAwaited();
  const status = action === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED';
  const hooks = lifecycle.hooks.map((run): HookRun => (isAwaited(run) ? { ...run, status } : run));
  return { ...rollout, lifecycle: { ...lifecycle, hooks }, updatedAt: now };
}

function inTerminalState(): EcsError {
  return invalidParameter(
    'Continuing a service deployment is not allowed for service deployment in terminal states.',
  );
}

function notAwaited(): EcsError {
  return invalidParameter(
    'Provided hookId is either completed, unavailable, or not associated with the given Resource ARN',
  );
}
