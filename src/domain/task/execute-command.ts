import type { ExecuteCommandRequest } from '@aws-sdk/client-ecs';
import { EcsError, invalidParameter } from '../errors.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { Container, Task, TaskOverrides } from './task.ts';

/** @throws EcsError InvalidParameterException where the task would have no role */
export function checkExecuteCommandRole(
  { content }: TaskDefinition,
  overrides: TaskOverrides,
): void {
  // An empty role counts as none.
  if (overrides.taskRoleArn || content.taskRoleArn) return;
  throw invalidParameter(
    'The execute command failed because a valid task role is not being used. Specify a valid task ' +
      'role in your task definition or as a task override and try again.',
  );
}

/** The log of all sessions that were begun: who, where and what. */
export const execLog = 'exec-session';

/**
 * Checks what is asked for, before the task is looked for.
 * @throws EcsError InvalidParameterException
 */
export function checkExecuteCommand({ interactive, command }: ExecuteCommandRequest): void {
  if (!interactive) throw invalidParameter('Interactive is the only mode supported currently.');
  // [inferred text]
  if (!command) throw invalidParameter('Command can not be blank.');
}

/**
 * The container of a task that a command is to run in.
 * @throws EcsError InvalidParameterException
 */
export function execContainer(task: Task, name: string | undefined): Container {
  const [only, ...others] = task.containers;
  if (name === undefined && others.length > 0) {
    // [inferred text]
    throw invalidParameter('Container name must be specified for tasks with multiple containers.');
  }
  const container = name === undefined ? only : task.containers.find((one) => one.name === name);
  // [inferred text]
  if (!container) throw invalidParameter(`The container name ${name} was not found in the task.`);
  if (!isReady(task, container)) {
    throw invalidParameter(
      'The execute command failed because execute command was not enabled when the task was run or the execute ' +
        'command agent isn\u2019t running. Wait and try again or run a new task with execute command enabled and ' +
        'try again.',
    );
  }
  return container;
}

function isReady(task: Task, { lastStatus, managedAgents = [] }: Container): boolean {
  const agent = managedAgents.find(({ name }) => name === 'ExecuteCommandAgent');
  return (
    task.enableExecuteCommand &&
    task.lastStatus === 'RUNNING' &&
    lastStatus === 'RUNNING' &&
    agent?.lastStatus === 'RUNNING'
  );
}

/** Sessions are to be encrypted with a key of KMS, and nobody can be asked to decrypt their data keys. */
export function sessionsNeedKms(): EcsError {
  return new EcsError(
    'ClientException',
    'The cluster has its sessions encrypted (kmsKeyId of executeCommandConfiguration), which needs KMS, and this ' +
      'server was not told where it is. Start it with --aws-endpoint kms=URL, or take the key out of the configuration.',
  );
}

/** These three are the words of Session Manager's agent, which a session shows when it ends. */
export function logGroupIsNotEncrypted(): Error {
  return encryptionIsNotSetUp('CloudWatch Logs log group', 'log group');
}

export function bucketIsNotEncrypted(): Error {
  return encryptionIsNotSetUp('Amazon S3 bucket', 'bucket');
}

export function encryptionIsUnknown(cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `Couldn't start the session because we are unable to validate encryption on Amazon S3 bucket. Error: ${reason}`,
  );
}

function encryptionIsNotSetUp(selected: string, place: string): Error {
  return new Error(
    `We couldn't start the session because encryption is not set up on the selected ${selected}. Either encrypt ` +
      `the ${place} or choose an option to enable logging without encryption.`,
  );
}

/** The task's host cannot be asked to run commands. */
export function targetNotConnected(): EcsError {
  return new EcsError(
    'TargetNotConnectedException',
    'The execute command failed due to an internal error. Try again later.',
  );
}
