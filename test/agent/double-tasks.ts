import { randomBytes } from 'node:crypto';
import type {
  PayloadContainer,
  PayloadTask,
} from '../../src/compute/ecs-agent/frames/payload-message.ts';

export interface DoubleContainer {
  readonly name: string;
  readonly essential: boolean;
  readonly runtimeId: string;
  readonly networkBindings: readonly {
    readonly bindIP: string;
    readonly containerPort: number;
    readonly hostPort: number;
    readonly protocol: 'tcp' | 'udp';
  }[];
  /** Absent while it runs. */
  exitCode?: number;
}

/** A task as the double runs it. */
export interface DoubleTask {
  readonly arn: string;
  readonly clusterArn: string;
  readonly containers: readonly DoubleContainer[];
  readonly payload: PayloadTask;
  isStopped: boolean;
}

let nextPort = 32_768;

/** Containers run until they are stopped, but for those whose command ends with `exit N`: these have ended already. */
export function startTask(payload: PayloadTask): DoubleTask {
  return {
    arn: payload.arn,
    clusterArn: payload.taskClusterArn ?? '',
    payload,
    isStopped: false,
    containers: (payload.containers ?? []).map((container) => ({
      name: container.name,
      essential: container.essential,
      runtimeId: randomBytes(32).toString('hex'),
      networkBindings: payload.networkMode === 'bridge' ? bindingsOf(container) : [],
      ...exitOf(container),
    })),
  };
}

function exitOf({ command = [] }: PayloadContainer): { exitCode?: number } {
  const [, code] = /\bexit (\d+)$/.exec(command.join(' ')) ?? [];
  return code === undefined ? {} : { exitCode: Number(code) };
}

function bindingsOf({ portMappings = [] }: PayloadContainer): DoubleContainer['networkBindings'] {
  return portMappings.flatMap(({ containerPort = 0, hostPort = 0, protocol = 'tcp' }) => [
    { bindIP: '0.0.0.0', containerPort, hostPort: hostPort || nextPort++, protocol },
  ]);
}

/** Whether the task is over: an essential container has ended, or all have. */
export function isOver({ containers }: DoubleTask): boolean {
  const ended = containers.filter(({ exitCode }) => exitCode !== undefined);
  return ended.length === containers.length || ended.some(({ essential }) => essential);
}
