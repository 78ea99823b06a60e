import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Logger } from '../../support/logger.ts';
import type { EngineInfo, ResourcesBody } from './engine-types.ts';

const run = promisify(execFile);
const longestCommandMs = 10_000;
const microsecondsPerSecond = 1_000_000;
/** What the kernel takes for cgroup v2's weight of cpu; v1's shares are 2 to 262,144. */
const weightOfShares = (shares: number) => Math.floor(1 + ((shares - 2) * 9999) / 262_142);

/** systemd cannot bound a task; the message says why. */
export class SliceFailure extends Error {}

/**
 * Whether this process may ask the systemd that rules the Engine's cgroups: an Engine on this very
 * machine, with cgroup v2 and the `systemd` driver, and a process that is root beside it.
 */
export async function canMakeSlices(
  { CgroupDriver, CgroupVersion }: EngineInfo,
  engineUrl: string,
): Promise<boolean> {
  const isOurs = engineUrl.startsWith('unix:') && process.getuid?.() === 0;
  if (!isOurs || CgroupDriver !== 'systemd' || CgroupVersion !== '2') return false;
  const needed = ['/run/systemd/system', '/run/dbus/system_bus_socket', '/usr/bin/busctl'];
  const found = await Promise.allSettled(needed.map((path) => access(path)));
  return found.every(({ status }) => status === 'fulfilled');
}

/**
 * The slices of systemd that hold a task's containers and bound them together, one for each task
 * that needs it: `longshore-INSTALLATION-TASK.slice`. They are transient, so none outlives the machine's next start.
 */
export class TaskSlices {
  readonly #prefix: string;
  readonly #log: Logger;

  constructor(installationId: string, log: Logger) {
    this.#prefix = `longshore-${installationId}-`;
    this.#log = log;
  }

  nameFor(taskId: string): string {
    return `${this.#prefix}${taskId}.slice`;
  }

  /**
   * Makes the slice, before anything runs in it. One that is there has these bounds already.
   * @throws SliceFailure
   */
  async make(taskId: string, bound: ResourcesBody): Promise<void> {
    const properties = sliceProperties(bound);
    try {
      await manager(
        'StartTransientUnit',
        'ssa(sv)a(sa(sv))',
        this.nameFor(taskId),
        'replace',
        String(properties.length),
        ...properties.flat(),
        '0',
      );
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      if (words.includes('already')) return;
      throw new SliceFailure(words.trim(), { cause: error });
    }
  }

  /** Takes the slice away, where there is one. Nothing runs in it any more. */
  async remove(taskId: string): Promise<void> {
    await this.#stop(this.nameFor(taskId));
  }

  /** Takes away what tasks left that nobody knows, such as after a crash. */
  async sweep(taskIds: ReadonlySet<string>): Promise<void> {
    const kept = new Set([...taskIds].map((taskId) => this.nameFor(taskId)));
    const names = await this.#names();
    const stray = names.filter((name) => name.startsWith(this.#prefix) && !kept.has(name));
    for (const name of stray) await this.#stop(name);
  }

  /** A systemd that does not answer keeps nobody from working: what is stray stays until the next start. */
  async #names(): Promise<readonly string[]> {
    const units = ['list-units', '--type=slice', '--plain', '--no-legend', `${this.#prefix}*`];
    try {
      const { stdout } = await systemctl(...units);
      return stdout.split('\n').map((line) => line.split(' ')[0] ?? '');
    } catch (error) {
      this.#log.warn({ error }, 'The slices of tasks cannot be listed.');
      return [];
    }
  }

  async #stop(name: string): Promise<void> {
    try {
      await systemctl('stop', name);
    } catch (error) {
      this.#log.warn({ error, slice: name }, 'A slice of a task is left until the next start.');
    }
  }
}

/** Each is a name, its D-Bus type and its value, as busctl takes them. */
export function sliceProperties(
  bound: ResourcesBody,
): readonly (readonly [string, string, string])[] {
  const { CpuPeriod, CpuQuota, CpuShares, Memory, MemorySwap } = bound;
  const isTimed = CpuQuota !== undefined && CpuPeriod !== undefined;
  const quota = isTimed ? Math.round((CpuQuota / CpuPeriod) * microsecondsPerSecond) : undefined;
  const isSwapBounded = Memory !== undefined && MemorySwap !== undefined;
  const properties = [
    ['CPUWeight', CpuShares === undefined ? undefined : weightOfShares(CpuShares)],
    ['CPUQuotaPerSecUSec', quota],
    ['MemoryMax', Memory],
    ['MemorySwapMax', isSwapBounded ? MemorySwap - Memory : undefined],
  ] as const;
  return properties.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, 't', String(value)] as const],
  );
}

async function manager(method: string, ...rest: readonly string[]): Promise<void> {
  const systemd = 'org.freedesktop.systemd1';
  const path = ['/org/freedesktop/systemd1', `${systemd}.Manager`];
  const call = ['--quiet', 'call', systemd, ...path, method, ...rest];
  await run('busctl', call, { timeout: longestCommandMs });
}

function systemctl(...rest: readonly string[]) {
  return run('systemctl', rest, { timeout: longestCommandMs });
}
