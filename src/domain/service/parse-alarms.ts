import type { DeploymentAlarms as WireAlarms } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { DeploymentAlarms } from './service.ts';

const longestName = 255;

/** @throws EcsError InvalidParameterException [inferred texts] */
export function parseAlarms(given: WireAlarms): DeploymentAlarms {
  const { alarmNames = [], enable = false, rollback = false } = given;
  if (enable && alarmNames.length === 0) {
    throw invalidParameter('alarmNames cannot be empty when deployment alarms are enabled.');
  }
  if (alarmNames.some((name) => name.length === 0 || name.length > longestName)) {
    throw invalidParameter(`alarmNames must be between 1 and ${longestName} characters long.`);
  }
  return { alarmNames, enable, rollback };
}
