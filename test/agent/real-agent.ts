import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentOptions, TestAgent } from './test-agent.ts';

export interface RealAgentOptions extends AgentOptions {
  /** Further settings of the agent. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the official agent as a process of this machine, on its Docker Engine. */
export async function startRealAgent(
  program: string,
  options: RealAgentOptions,
): Promise<RealAgent> {
  const agent = new RealAgent(program, options);
  await agent.restart();
  return agent;
}

export class RealAgent implements TestAgent {
  readonly #program: string;
  readonly #options: RealAgentOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'longshore-agent-'));
  #process: ChildProcess | undefined;

  constructor(program: string, options: RealAgentOptions) {
    this.#program = program;
    this.#options = options;
    mkdirSync(join(this.#folder, 'data'));
  }

  async restart(): Promise<void> {
    this.#process = spawn(this.#program, [], { env: this.#environment(), stdio: 'ignore' });
    await once(this.#process, 'spawn');
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    const containers = listContainers('-aq', `cluster=${this.#options.cluster}`);
    if (containers.length > 0) execFileSync('docker', ['rm', '-f', ...containers]);
    rmSync(this.#folder, { recursive: true });
  }

  /** The code with which it has ended by itself; undefined while it runs. */
  get exitCode(): number | undefined {
    return this.#process?.exitCode ?? undefined;
  }

  /** Ends a task's containers behind the agent's back. */
  killContainers(taskArn: string): void {
    execFileSync('docker', ['kill', ...listContainers('-q', `task-arn=${taskArn}`)]);
  }

  /** Docker volumes that tasks of a family have left. */
  volumesOf(family: string): readonly string[] {
    return idsOf('volume', 'ls', '-q', '--filter', `name=ecs-${family}-`);
  }

  async runs(taskArn: string): Promise<boolean> {
    return listContainers('-q', `task-arn=${taskArn}`).length > 0;
  }

  #environment(): NodeJS.ProcessEnv {
    const { url, accountId, cluster } = this.#options;
    return {
      PATH: process.env['PATH'],
      ECS_EXTERNAL: 'true',
      ECS_BACKEND_HOST: url,
      ECS_CLUSTER: cluster,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: accountId,
      AWS_SECRET_ACCESS_KEY: 'secret',
      ECS_DATADIR: join(this.#folder, 'data'),
      // What the agent mounts into containers lies in the folder `data` of this one.
      ECS_HOST_DATA_DIR: this.#folder,
      ECS_LOGFILE: join(this.#folder, 'agent.log'),
      ECS_AUDIT_LOGFILE: join(this.#folder, 'audit.log'),
      ECS_AGENT_CONFIG_FILE_PATH: join(this.#folder, 'config.json'),
      ECS_IMAGE_PULL_BEHAVIOR: 'prefer-cached',
      ECS_DISABLE_IMAGE_CLEANUP: 'true',
      ECS_CONTAINER_STOP_TIMEOUT: '2s',
      ECS_RESERVED_PORTS: '[]',
      ECS_UPDATES_ENABLED: 'true',
      ECS_UPDATE_DOWNLOAD_DIR: this.#folder,
      ECS_ENABLE_TASK_IAM_ROLE: 'true',
      ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST: 'true',
      ...this.#options.environment,
    };
  }
}

function listContainers(flags: string, label: string): string[] {
  return idsOf('ps', flags, '--filter', `label=com.amazonaws.ecs.${label}`);
}

function idsOf(...command: readonly string[]): string[] {
  const ids = execFileSync('docker', command, { encoding: 'utf8' });
  return ids.split('\n').filter((id) => id !== '');
}
