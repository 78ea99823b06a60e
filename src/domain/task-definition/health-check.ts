import type { HealthCheck } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

interface Limit {
  readonly setting: 'interval' | 'timeout' | 'retries' | 'startPeriod';
  readonly least: number;
  readonly most: number;
}

const limits: readonly Limit[] = [
  { setting: 'interval', least: 5, most: 300 },
  { setting: 'timeout', least: 2, most: 60 },
  { setting: 'retries', least: 1, most: 10 },
  { setting: 'startPeriod', least: 0, most: 300 },
];

const commandKinds: readonly string[] = ['CMD', 'CMD-SHELL', 'NONE'];

export function checkHealthChecks({ containerDefinitions }: TaskDefinitionContent): void {
  for (const { name, healthCheck } of containerDefinitions) {
    if (healthCheck === undefined) continue;
    checkCommand(healthCheck, name);
    for (const limit of limits) checkLimit(limit, healthCheck[limit.setting], name);
  }
}

/** [inferred wording] */
function checkCommand({ command }: HealthCheck, containerName: string): void {
  if (commandKinds.includes(command?.[0] ?? '')) return;
  throw clientError(
    `Health check command must start with CMD or CMD-SHELL for container '${containerName}'`,
  );
}

function checkLimit(limit: Limit, value: number | undefined, containerName: string): void {
  const { setting, least, most } = limit;
  const outOfRange = (bound: string) =>
    clientError(`Health check ${setting} must be ${bound} for container '${containerName}'`);
  if (value === undefined) return;
  if (value > most) throw outOfRange(`less than or equal to the maximum allowed value ${most}`);
  // [inferred from the refusal of greater ones]
  if (value < least)
    throw outOfRange(`greater than or equal to the minimum allowed value ${least}`);
}
