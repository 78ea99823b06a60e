import type {
  DeploymentCircuitBreaker,
  DeploymentConfiguration as WireConfiguration,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { present } from '../present.ts';
import { checkEarlySuccess, parseEarlySuccess } from './early-success.ts';
import { parseAlarms } from './parse-alarms.ts';
import { checkDaemonPercent } from './scheduling-strategy.ts';
import type { LifecycleHook, ShiftStrategy } from './strategies/lifecycle.ts';
import { parseHooks } from './strategies/parse-hooks.ts';
import { parseShift } from './strategies/parse-shift.ts';
import type {
  CircuitBreaker,
  DeploymentConfiguration,
  EarlySuccess,
  SchedulingStrategy,
} from './service.ts';

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
  const shift = parseShift(given, before.shift);
  if (shift && strategy === 'DAEMON') throw daemonShifts(shift.strategy);
  checkPercentages(minimumHealthyPercent, maximumPercent, strategy);
  const circuitBreaker = given.deploymentCircuitBreaker
    ? parseCircuitBreaker(given.deploymentCircuitBreaker)
    : before.circuitBreaker;
  const earlySuccess = earlySuccessOf(given, before, shift, minimumHealthyPercent);
  return {
    maximumPercent,
    minimumHealthyPercent,
    circuitBreaker,
    ...present({
      alarms: given.alarms ? parseAlarms(given.alarms) : before.alarms,
      bakeTimeInMinutes: parseBakeTime(given.bakeTimeInMinutes) ?? before.bakeTimeInMinutes,
      shift,
      lifecycleHooks: hooksOf(given, before, shift),
      earlySuccess,
    }),
  };
}

/** Rolling deployments have no stages, and what had some before loses its hooks with them. [inferred text] */
function hooksOf(
  given: WireConfiguration,
  before: DeploymentConfiguration,
  shift: ShiftStrategy | undefined,
): readonly LifecycleHook[] | undefined {
  if (shift) return given.lifecycleHooks ? parseHooks(given.lifecycleHooks) : before.lifecycleHooks;
  if (!given.lifecycleHooks?.length) return undefined;
  throw invalidParameter(
    'lifecycleHooks are only valid when the deployment strategy is BLUE_GREEN, LINEAR or CANARY',
  );
}

/** What had some before loses them with its rolling deployments. */
function earlySuccessOf(
  given: WireConfiguration,
  before: DeploymentConfiguration,
  shift: ShiftStrategy | undefined,
  minimumHealthyPercent: number,
): EarlySuccess | undefined {
  const { earlySuccessCriteria: criteria } = given;
  if (!criteria && shift) return undefined;
  const earlySuccess = criteria ? parseEarlySuccess(criteria) : before.earlySuccess;
  if (!earlySuccess) return undefined;
  checkEarlySuccess(earlySuccess, shift?.strategy ?? 'ROLLING', minimumHealthyPercent);
  return earlySuccess;
}

/** [inferred text] */
function daemonShifts(strategy: string): Error {
  return invalidParameter(
    `The daemon scheduling strategy does not support the deployment strategy ${strategy}`,
  );
}

const longestBakeMinutes = 1440;

/** [inferred text] */
export function parseBakeTime(minutes: number | undefined): number | undefined {
  if (minutes === undefined) return undefined;
  if (minutes >= 0 && minutes <= longestBakeMinutes) return Math.trunc(minutes);
  throw invalidParameter(`bakeTimeInMinutes must be between 0 and ${longestBakeMinutes}`);
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

/** How many failures end a deployment (Developer Guide, "deployment circuit breaker"). */
export function breakerThreshold({ threshold }: CircuitBreaker, desiredCount: number): number {
  const { type, value } = threshold;
  if (type === 'COUNT') return value;
  const share = Math.ceil((value * desiredCount) / 100);
  return type === 'BOUNDED_PERCENT' ? Math.min(200, Math.max(3, share)) : Math.max(1, share);
}
