import {
  ClusterContainsServicesException,
  ClusterContainsTasksException,
  CreateClusterCommand,
  DeleteClusterCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { setTimeout as delay } from 'node:timers/promises';
import { serverLog } from './server.ts';
import { type Progress, SetupError, type StepResult } from '../steps.ts';

export const cluster = 'my_cluster';
export const container = 'web';
const family = 'web';
/** Marks the tasks that a quickstart ran, so that the next one can stop them. */
const startedBy = 'quickstart';
const statusSeconds = 120;
const pollMilliseconds = 25;

export type RunningTask = {
  readonly taskArn: string;
  readonly privateIpv4Address: string;
  readonly taskDefinitionArn: string;
};

export async function createCluster(ecs: ECSClient): Promise<StepResult<void>> {
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  return { note: cluster, value: undefined };
}

export async function registerTaskDefinition(
  ecs: ECSClient,
  image: string,
): Promise<StepResult<string>> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [
        { name: container, image, essential: true, portMappings: [{ containerPort: 80 }] },
      ],
    }),
  );
  const value = required(taskDefinition?.taskDefinitionArn, 'RegisterTaskDefinition', 'an ARN');
  return { note: `${family}:${taskDefinition?.revision ?? ''}, 0.25 vCPU, 512 MiB`, value };
}

/** Stops what an earlier quickstart left running. */
export async function stopEarlierTasks(ecs: ECSClient): Promise<StepResult<void>> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, startedBy }));
  await Promise.all(
    taskArns.map((task) =>
      ecs.send(new StopTaskCommand({ cluster, task, reason: 'A new quickstart takes its place.' })),
    ),
  );
  return { note: taskArns.length === 0 ? 'none' : `${taskArns.length}`, value: undefined };
}

/** Runs the task and waits until its container runs. */
export async function runWebTask(
  ecs: ECSClient,
  taskDefinitionArn: string,
  progress: Progress,
): Promise<StepResult<RunningTask>> {
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: taskDefinitionArn,
      launchType: 'FARGATE',
      startedBy,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-12345678'] } },
    }),
  );
  const refusal = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(': '));
  if (refusal.length > 0) throw new SetupError(`RunTask placed no task: ${refusal.join('; ')}`);
  const taskArn = required(tasks[0]?.taskArn, 'RunTask', 'a task');

  const task = await awaitStatus(ecs, taskArn, 'RUNNING', progress);
  const privateIpv4Address = required(addressOf(task), 'DescribeTasks', 'a private address');
  return {
    note: `RUNNING, ${idOf(taskArn)}, ${privateIpv4Address}`,
    value: { taskArn, privateIpv4Address, taskDefinitionArn },
  };
}

export async function stopWebTask(
  ecs: ECSClient,
  { taskArn }: RunningTask,
  progress: Progress,
): Promise<StepResult<void>> {
  await ecs.send(
    new StopTaskCommand({ cluster, task: taskArn, reason: 'The quickstart is over.' }),
  );
  const task = await awaitStatus(ecs, taskArn, 'STOPPED', progress);
  const exitCode = task.containers?.[0]?.exitCode;
  return { note: `STOPPED, exit code ${exitCode ?? 'unknown'}`, value: undefined };
}

export async function deregisterTaskDefinition(
  ecs: ECSClient,
  { taskDefinitionArn }: RunningTask,
): Promise<StepResult<void>> {
  await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }));
  return { note: '', value: undefined };
}

/** Deletes the cluster, unless someone else uses it. */
export async function deleteCluster(ecs: ECSClient): Promise<StepResult<void>> {
  try {
    await ecs.send(new DeleteClusterCommand({ cluster }));
    return { note: cluster, value: undefined };
  } catch (error) {
    const isInUse =
      error instanceof ClusterContainsTasksException ||
      error instanceof ClusterContainsServicesException;
    if (!isInUse) throw error;
    return { note: `${cluster} stays: others use it`, value: undefined };
  }
}

export function idOf(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf('/') + 1);
}

async function awaitStatus(
  ecs: ECSClient,
  taskArn: string,
  wanted: 'RUNNING' | 'STOPPED',
  progress: Progress,
): Promise<Task> {
  const deadline = performance.now() + statusSeconds * 1000;
  let seen: string | undefined;
  while (performance.now() < deadline) {
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
    const task = required(tasks[0], 'DescribeTasks', 'the task');
    if (task.lastStatus === wanted) return task;
    if (task.lastStatus === 'STOPPED')
      throw new SetupError(`The task stopped: ${whyStopped(task)}`);
    if (task.lastStatus !== seen) progress(task.lastStatus ?? '');
    seen = task.lastStatus;
    await delay(pollMilliseconds);
  }
  throw new SetupError(
    `The task is still ${seen ?? 'unknown'} after ${statusSeconds} s. ${serverLog} may tell why.`,
  );
}

function whyStopped({ stoppedReason, containers = [] }: Task): string {
  const reasons = [stoppedReason, ...containers.map(({ reason }) => reason)];
  return reasons.filter((reason) => reason !== undefined).join('; ') || 'no reason given';
}

function addressOf({ attachments = [] }: Task): string | undefined {
  const details = attachments.find(({ type }) => type === 'ElasticNetworkInterface')?.details ?? [];
  return details.find(({ name }) => name === 'privateIPv4Address')?.value;
}

function required<Value>(value: Value | undefined, operation: string, what: string): Value {
  if (value === undefined) throw new SetupError(`${operation} answered without ${what}.`);
  return value;
}
