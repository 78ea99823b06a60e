import type {
  DeploymentConfiguration as WireConfiguration,
  DeploymentLifecycleHook,
} from '@aws-sdk/client-ecs';
import type { DeploymentConfiguration, EarlySuccess } from '../../domain/service/service.ts';
import type { LifecycleHook } from '../../domain/service/strategies/lifecycle.ts';

/** The API's shape of a deployment configuration (API reference, "DeploymentConfiguration"). */
export function configurationView(configuration: DeploymentConfiguration): WireConfiguration {
  const { maximumPercent, minimumHealthyPercent, circuitBreaker, alarms } = configuration;
  const { enable, rollback, resetOnHealthyTask, threshold } = circuitBreaker;
  const { lifecycleHooks, earlySuccess } = configuration;
  return {
    deploymentCircuitBreaker: {
      enable,
      rollback,
      resetOnHealthyTask,
      thresholdConfiguration: { ...threshold },
    },
    maximumPercent,
    minimumHealthyPercent,
    bakeTimeInMinutes: configuration.bakeTimeInMinutes ?? 0,
    ...strategyMembers(configuration),
    ...(alarms && { alarms: { ...alarms, alarmNames: [...alarms.alarmNames] } }),
    ...(earlySuccess && { earlySuccessCriteria: earlySuccessView(earlySuccess) }),
    ...(lifecycleHooks && { lifecycleHooks: lifecycleHooks.map(hookView) }),
  };
}

function earlySuccessView({ healthyPercent, cleanup }: EarlySuccess) {
  return { enable: true, healthyPercent, sourceServiceRevisionCleanup: cleanup };
}

function strategyMembers({ shift }: DeploymentConfiguration): Partial<WireConfiguration> {
  switch (shift?.strategy) {
    case undefined:
      return { strategy: 'ROLLING' };
    case 'BLUE_GREEN':
      return { strategy: shift.strategy };
    case 'LINEAR': {
      const { strategy, ...linearConfiguration } = shift;
      return { strategy, linearConfiguration };
    }
    case 'CANARY': {
      const { strategy, ...canaryConfiguration } = shift;
      return { strategy, canaryConfiguration };
    }
  }
}

function hookView(hook: LifecycleHook): DeploymentLifecycleHook {
  const { targetType, lifecycleStages, timeoutInMinutes, timeoutAction: action } = hook;
  const shown = {
    targetType,
    lifecycleStages: [...lifecycleStages],
    timeoutConfiguration: { timeoutInMinutes, action },
  };
  if (targetType === 'PAUSE') return shown;
  const { hookTargetArn, roleArn } = hook;
  // It came in as a JSON document, and goes out as one.
  const hookDetails = hook.hookDetails as DeploymentLifecycleHook['hookDetails'];
  return { ...shown, hookTargetArn, roleArn, ...(hookDetails !== undefined && { hookDetails }) };
}
