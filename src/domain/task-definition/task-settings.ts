import type { Compatibility, IpcMode, PidMode } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const pidModes = valuesOf<PidMode>({ host: true, task: true });
const ipcModes = valuesOf<IpcMode>({ host: true, task: true, none: true });
const compatibilities = valuesOf<Compatibility>({
  EC2: true,
  FARGATE: true,
  EXTERNAL: true,
  MANAGED_INSTANCES: true,
});

const leastEphemeralStorageGiB = 21;
const mostEphemeralStorageGiB = 200;
const roleArn = /^arn:[a-z0-9-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const roleName = /^[\w+=,.@-]{1,64}$/;

export function checkTaskSettings(content: TaskDefinitionContent): void {
  checkOneOf('Pid mode', content.pidMode, pidModes);
  checkOneOf('Ipc mode', content.ipcMode, ipcModes);
  for (const required of content.requiresCompatibilities ?? []) {
    checkOneOf('Compatibility', required, compatibilities);
  }
  checkEphemeralStorage(content.ephemeralStorage?.sizeInGiB);
}

/** The 20 GiB that a task has anyway cannot be asked for. */
export function checkEphemeralStorage(sizeInGiB: number | undefined): void {
  if (sizeInGiB === undefined) return;
  if (sizeInGiB < leastEphemeralStorageGiB) {
    throw clientError(`EphemeralStorage size should be at least ${leastEphemeralStorageGiB}`);
  }
  if (sizeInGiB > mostEphemeralStorageGiB) {
    throw clientError(`EphemeralStorage size should be at most ${mostEphemeralStorageGiB}`);
  }
}

/** A role is given by its ARN or by its bare name. Whether it exists shows when a task starts. */
export function checkRoles({ taskRoleArn, executionRoleArn }: TaskDefinitionContent): void {
  for (const role of [taskRoleArn, executionRoleArn]) {
    if (role !== undefined && !isRole(role)) throw clientError('Role is not valid');
  }
}

export function isRole(text: string): boolean {
  return roleArn.test(text) || roleName.test(text);
}
