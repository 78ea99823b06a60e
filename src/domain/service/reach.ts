import { EcsError } from '../errors.ts';
import { alarmsNeedCloudWatch } from './alarms.ts';
import type { DeploymentConfiguration } from './service.ts';

/** Which of AWS's own services this server can call. */
export interface Reach {
  readonly cloudWatch: boolean;
  readonly lambda: boolean;
  /** For sessions of ExecuteCommand. */
  readonly kms: boolean;
}

function hooksNeedLambda(): EcsError {
  return new EcsError(
    'UnsupportedFeatureException',
    'Lifecycle hooks of the type AWS_LAMBDA need Lambda, and this server was not told where it is. Start ' +
      'it with --aws-endpoint lambda=URL, or use hooks of the type PAUSE.',
  );
}

/** For callers that deploy nothing, and open no sessions. */
export const noReach: Reach = { cloudWatch: false, lambda: false, kms: false };

/**
 * Refuses settings that only a service out of reach could honour.
 * @throws EcsError UnsupportedFeatureException
 */
export function checkReach(configuration: DeploymentConfiguration, reach: Reach): void {
  const { alarms, lifecycleHooks = [] } = configuration;
  if (alarms?.enable && !reach.cloudWatch) throw alarmsNeedCloudWatch();
  const calls = lifecycleHooks.some(({ targetType }) => targetType === 'AWS_LAMBDA');
  if (calls && !reach.lambda) throw hooksNeedLambda();
}
