import type {
  DeploymentCircuitBreaker,
  DeploymentConfiguration as WireConfiguration,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { checkDaemonPercent } from './scheduling-strategy.ts';
import type { CircuitBreaker, DeploymentConfiguration, SchedulingStrategy } from './service.ts';
import { notInThisRelease } from './service-errors.ts';

const byDefault: DeploymentConfiguration = {
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  circuitBreaker: {
    enable: false,
    rollback: false,
    resetOnHealthyTask: true,
    threshold: { type: 'BOUNDED_PERCENT', value: 50 },
  },
};

/** What a new service has where nothing else is asked for. */
export function defaultConfiguration(strategy: SchedulingStrategy): DeploymentConfiguration {
  return strategy === 'DAEMON'
    ? { ...byDefault, maximumPercent: 100, minimumHealthyPercent: 0 }
    : byDefault;
}

/**
 * Checks a deployment configuration. What it leaves out stays as it was.
 * @throws EcsError
 */
export function parseDeploymentConfiguration(
  given: WireConfiguration | undefined,
  before: DeploymentConfiguration = byDefault,
  strategy: SchedulingStrategy = 'REPLICA',
): DeploymentConfiguration {
  if (!given) return before;
  const { maximumPercent = before.maximumPercent } = given;
  const { minimumHealthyPercent = before.minimumHealthyPercent } = given;
  checkStrategy(given.strategy);
  checkPercentages(minimumHealthyPercent, maximumPercent, strategy);
  const circuitBreaker = given.deploymentCircuitBreaker
    ? parseCircuitBreaker(given.deploymentCircuitBreaker)
    : before.circuitBreaker;
  refuseUnsupported(given);
  return { maximumPercent, minimumHealthyPercent, circuitBreaker };
}

function checkStrategy(strategy: string | undefined): void {
  switch (strategy) {
    case undefined:
    case 'ROLLING':
      return;
    case 'BLUE_GREEN':
    case 'CANARY':
    case 'LINEAR':
      throw notInThisRelease(`the deployment strategy ${strategy}`);
    default:
      throw invalidParameter(
        'Deployment strategy should be one of [ROLLING,BLUE_GREEN,LINEAR,CANARY]',
      );
  }
}

function checkPercentages(
  minimumHealthyPercent: number,
  maximumPercent: number,
  strategy: SchedulingStrategy,
): void {
  if (minimumHealthyPercent < 0) {
    throw invalidParameter('minimumHealthyPercent must be at least 0'); // [inferred text]
  }
  if (minimumHealthyPercent > 100) {
    throw invalidParameter('minimumHealthyPercent must be at most 100');
  }
  if (maximumPercent < 100) throw invalidParameter('maximumPercent must be at least 100');
  if (strategy === 'DAEMON') return checkDaemonPercent(maximumPercent);
  if (minimumHealthyPercent === 100 && maximumPercent === 100) {
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    );
  }
}

function parseCircuitBreaker(given: DeploymentCircuitBreaker): CircuitBreaker {
  const { enable = false, rollback = false, resetOnHealthyTask = true } = given;
  const threshold = parseThreshold(given.thresholdConfiguration);
  return { enable, rollback, resetOnHealthyTask, threshold };
}

function parseThreshold(
  given: DeploymentCircuitBreaker['thresholdConfiguration'],
): CircuitBreaker['threshold'] {
  const { type = 'BOUNDED_PERCENT', value = 50 } = given ?? {};
  if (type !== 'BOUNDED_PERCENT' && type !== 'UNBOUNDED_PERCENT' && type !== 'COUNT') {
    throw invalidThreshold();
  }
  const most = type === 'COUNT' ? Infinity : 100;
  if (!Number.isInteger(value) || value < 1 || value > most) throw invalidThreshold();
  return { type, value };
}

function invalidThreshold(): Error {
  return invalidParameter('Invalid deployment circuit breaker threshold value.');
}

function refuseUnsupported(given: WireConfiguration): void {
  const { alarms, lifecycleHooks } = given;
  const asked = [
    [alarms?.enable || alarms?.alarmNames?.length, 'deployment alarms'],
    [given.bakeTimeInMinutes, 'a bake time for deployments'],
    [lifecycleHooks?.length, 'lifecycle hooks of deployments'],
    [given.linearConfiguration, 'deployments that shift traffic'],
    [given.canaryConfiguration, 'deployments that shift traffic'],
    [given.earlySuccessCriteria?.enable, 'early success criteria for deployments'],
  ] as const;
  for (const [isAsked, what] of asked) if (isAsked) throw notInThisRelease(what);
}

/** How many failures end a deployment (Developer Guide, "deployment circuit breaker"). */
export function breakerThreshold({ threshold }: CircuitBreaker, desiredCount: number): number {
  const { type, value } = threshold;
  if (type === 'COUNT') return value;
  const share = Math.ceil((value * desiredCount) / 100);
  return type === 'BOUNDED_PERCENT' ? Math.min(200, Math.max(3, share)) : Math.max(1, share);
}
