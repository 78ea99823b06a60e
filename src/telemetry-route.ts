import type { EcsAgentCompute } from './compute/ecs-agent/ecs-agent-compute.ts';
import type { ContainerFigures, FiguresByContainer } from './compute/ecs-agent/telemetry.ts';
import { isoInstant } from './domain/iso-instant.ts';
import type { AccountHandler } from './signed-routes.ts';
import { isInReach } from './signed-routes.ts';
import type { State } from './state/state.ts';

export interface TelemetryParts {
  readonly state: State;
  readonly agents: EcsAgentCompute;
}

/**
 * `?task=ARN` or `?containerInstance=ARN`: the newest figures that official agents have published, of each container,
 * and their sums for tasks and instances.
 */
export function telemetryRoute({ state, agents }: TelemetryParts): AccountHandler {
  return (request, response, caller) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://longshore');
    const instanceArn = searchParams.get('containerInstance');
    const arn = instanceArn ?? searchParams.get('task') ?? '';
    const content =
      instanceArn === null ? ofTask(state, agents, arn) : ofInstance(state, agents, instanceArn);
    const isTold = content !== undefined && isInReach(arn, caller);
    response.writeHead(isTold ? 200 : 404, {
      'content-type': isTold ? 'application/json' : 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    response.end(`${isTold ? JSON.stringify(content) : notFound}\n`);
  };
}

const notFound =
  'No such task or container instance of an official agent: give task or containerInstance, with an ARN.';

function ofTask({ read }: State, { telemetry }: EcsAgentCompute, arn: string) {
  const task = read.tasks.find(arn);
  if (task?.containerInstanceArn === undefined) return undefined;
  return taskView(task.arn, telemetry.ofTask(task.containerInstanceArn, task.arn));
}

function ofInstance({ read }: State, { telemetry }: EcsAgentCompute, arn: string) {
  const instance = read.containerInstances.find(arn);
  if (!instance) return undefined;
  const tasks = [...telemetry.ofInstance(instance.arn)].map((entry) => taskView(...entry));
  return { containerInstanceArn: instance.arn, ...sum(tasks), tasks };
}

function taskView(taskArn: string, figures: FiguresByContainer) {
  const containers = [...figures].map(([name, one]) => ({ name, ...containerView(one) }));
  return { taskArn, ...sum(containers), containers };
}

/** Counters count from the start of the container; what is used is the mean of the last 20 seconds. */
function containerView({ at, metrics }: ContainerFigures) {
  const { cpuStatsSet, memoryStatsSet, networkStatsSet, storageStatsSet, restartStatsSet } =
    metrics;
  return {
    at: isoInstant(at),
    cpuPercentOfHost: mean(cpuStatsSet),
    memoryMiB: mean(memoryStatsSet),
    networkReceivedBytes: networkStatsSet?.rxBytes?.max,
    networkSentBytes: networkStatsSet?.txBytes?.max,
    storageReadBytes: storageStatsSet?.readSizeBytes?.max,
    storageWrittenBytes: storageStatsSet?.writeSizeBytes?.max,
    restartCount: restartStatsSet?.restartCount,
  };
}

interface Samples {
  readonly sum: number;
  readonly sampleCount: number;
}

function mean(samples: Samples | undefined): number {
  return samples && samples.sampleCount > 0 ? samples.sum / samples.sampleCount : 0;
}

interface Usage {
  readonly cpuPercentOfHost: number;
  readonly memoryMiB: number;
}

function sum(parts: readonly Usage[]): Usage {
  return {
    cpuPercentOfHost: parts.reduce((total, { cpuPercentOfHost }) => total + cpuPercentOfHost, 0),
    memoryMiB: parts.reduce((total, { memoryMiB }) => total + memoryMiB, 0),
  };
}
