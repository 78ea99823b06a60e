import type { HealthStatus, Task } from '../../domain/task/task.ts';
import type { ContainerInspect } from './engine-types.ts';
import type { ContainerState } from '../plan-containers.ts';

/** ECS's reasons for ends that an exit code does not tell. */
export const outOfMemoryReason = 'OutOfMemoryError: Container killed due to memory usage';
export const vanishedReason = 'ContainerVanishedError: No container matching saved ID found';

/** What a container's record says, before the Engine has been asked. */
export function recordedState(task: Task, name: string): ContainerState {
  const record = task.containers.find((container) => container.name === name);
  const startedAt = task.startedAt ?? task.createdAt;
  if (record?.lastStatus === 'RUNNING') {
    return { phase: 'running', startedAt, health: record.healthStatus };
  }
  if (record?.lastStatus !== 'STOPPED') return { phase: 'absent' };
  const { exitCode } = record;
  return exitCode === undefined ? { phase: 'ended' } : { phase: 'ended', startedAt, exitCode };
}

/** What the Engine says. A container whose start failed is as if it had only been created. */
export function observedState({ State }: ContainerInspect): ContainerState {
  const startedAt = Date.parse(State.StartedAt);
  switch (State.Status) {
    case 'running':
    case 'paused':
      return { phase: 'running', startedAt, health: healthStatus(State.Health?.Status) };
    case 'created':
      return { phase: 'created' };
    default:
      return {
        phase: 'exited',
        startedAt,
        at: Date.parse(State.FinishedAt),
        exitCode: State.ExitCode,
      };
  }
}

/** While a check is `starting`, nothing is known. */
export function healthStatus(status: string | undefined): HealthStatus {
  if (status === 'healthy') return 'HEALTHY';
  return status === 'unhealthy' ? 'UNHEALTHY' : 'UNKNOWN';
}
