import { alarmsNeedCloudWatch } from './alarms.ts';
import type { DeploymentConfiguration } from './service.ts';

/** Which of AWS's own services this server can call. */
export interface Reach {
  readonly cloudWatch: boolean;
}

/** For callers that deploy nothing. */
export const noReach: Reach = { cloudWatch: false };

/**
 * Refuses settings that only a service out of reach could honour.
 * @throws EcsError UnsupportedFeatureException
 */
export function checkReach({ alarms }: DeploymentConfiguration, reach: Reach): void {
  if (alarms?.enable && !reach.cloudWatch) throw alarmsNeedCloudWatch();
}
