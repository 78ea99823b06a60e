import { fileLimit } from './container-body.ts';
import { labelKeys, pauseName } from './names.ts';
import { EngineError, EngineUnreachable, type Engine } from './engine.ts';
import type { ContainerBody, ContainerInspect, EngineInfo } from './engine-types.ts';
import { Gate } from '../../support/gate.ts';
import { pauseProgramPath } from './pause-image.ts';
import { delay } from './delay.ts';
import { mostForBurstsOn, PoolSize } from './pool-size.ts';
import { bytesPerMiB, canNestContainers, pauseCgroupParent } from './task-bound.ts';
import type { Clock, Timer } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';

/** A running container that holds a network namespace. */
export interface Pause {
  readonly id: string;
  readonly macAddress: string;
  readonly privateIpv4Address: string;
  readonly ports: ContainerInspect['NetworkSettings']['Ports'];
}

/** What a pause container needs beyond those of the pool. */
export interface PauseSetting {
  readonly sysctls: Readonly<Record<string, string>>;
  /** Lets the task's containers join its IPC namespace, and with it its shared memory; 0 for the Engine's default. */
  readonly ipc?: { readonly sharedMemoryMiB: number };
  /** `80/tcp`, each published on the address with a port of the Engine's choice. */
  readonly publish?: { readonly bindIP: string; readonly ports: readonly string[] };
}

interface PauseBody extends PauseSetting {
  readonly cpuShares: number;
}

/** A pause container on its way: it can be joined before it runs. */
export interface PauseInMaking {
  readonly id: Promise<string>;
  readonly running: Promise<Pause>;
}

export interface PausesSetting {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  /** The starts of tasks' containers: while there are any, the pool is not filled. */
  readonly starts: Gate;
  readonly installationId: string;
  readonly networkName: string;
  /** How many are kept warm at least; more are after bursts of starts. */
  readonly fewestWarm: number;
}

/** The Engine is left in peace for this long before the pool is filled again. */
const quietBeforeRefillMs = 200;
/**
 * The Engine makes network namespaces one after the other, but on a busy machine more than one at a time
 * get their share of it: measured, four on two cores take three quarters of the time.
 */
const makingsPerCore = 2;
/** Nobody waits for them, and the Engine has better to do. */
const retirementsAtATime = 4;
const ordinary: PauseBody = { sysctls: {}, cpuShares: 0 };

/**
 * Any share of cpu tells a used one, which nobody may be given again, from a warm one, which has none
 * set. (A new name would tell it too, but older Engines lose count of a network's
 * endpoints when containers are renamed.)
 */
const usedCpuShares = 2;

/**
 * The pause containers: making a network namespace is the slow part of a start, so some are
 * kept warm, without a task until one takes them.
 */
export class Pauses {
  readonly #setting: PausesSetting;
  readonly #warm: Pause[] = [];
  readonly #size: PoolSize;
  #shrinking: Timer | undefined;
  #image = '';
  #nameServers: readonly string[] = [];
  readonly #closed = new AbortController();
  readonly #makings = new Gate(1);
  #refilling: Promise<void> | undefined;
  #interrupted = new AbortController();
  readonly #removals = new Set<Promise<void>>();
  readonly #retirements = new Gate(retirementsAtATime);
  #allowsFileLimit = true;
  #canNest = false;

  constructor(setting: PausesSetting) {
    this.#setting = setting;
    this.#size = new PoolSize(setting.fewestWarm);
  }

  /** The image of the pause containers; what another version of it made is of no use. */
  set image(image: string) {
    this.#image = image;
  }

  get image(): string {
    return this.#image;
  }

  /** Whom the containers that join one ask for names; empty for whom the Engine chooses. */
  set nameServers(nameServers: readonly string[]) {
    this.#nameServers = nameServers;
  }

  /** Adapts to the Engine, as it is since it was last reached. */
  set engineInfo(info: EngineInfo) {
    this.#makings.limit = info.NCPU * makingsPerCore;
    this.#size.mostForBursts = mostForBurstsOn(info);
    this.#canNest = canNestContainers(info);
  }

  /**
   * Leaves nothing behind that no task uses. Waits for what is being started first: the Engine leaks
   * the address of a container that is removed meanwhile.
   */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#shrinking?.cancel();
    await this.#makings.settled();
    await this.settle();
    for (const { id } of this.#warm.splice(0)) this.retire(id);
    await Promise.all(this.#removals);
  }

  /** Ends what fills the pool: one that was being started has joined it then, or is none. */
  async settle(): Promise<void> {
    this.#interrupted.abort();
    await this.#refilling;
    this.#interrupted = new AbortController();
  }

  /** Takes a warm one where the task needs nothing special, else makes one. */
  take(setting: PauseSetting, signal: AbortSignal): PauseInMaking {
    const special =
      Object.keys(setting.sysctls).length > 0 ||
      setting.publish !== undefined ||
      setting.ipc !== undefined;
    if (!special) this.#size.taken(this.#setting.clock.now());
    const warm = special ? undefined : this.#warm.shift();
    if (!warm) return this.#make({ ...setting, cpuShares: usedCpuShares }, signal);
    return { id: Promise.resolve(warm.id), running: Promise.resolve(warm) };
  }

  /** Whether a container that an earlier process left can still be given to a task. */
  isWarm({ Config, HostConfig, State }: ContainerInspect): boolean {
    const isOfUse = Config.Image === this.#image && State.Status === 'running';
    return (
      isOfUse &&
      HostConfig.CpuShares === 0 &&
      isSameList(HostConfig.Dns ?? [], this.#nameServers) &&
      HostConfig.CgroupParent === (this.#cgroupParent.CgroupParent ?? '')
    );
  }

  get #cgroupParent(): { readonly CgroupParent?: string } {
    return this.#canNest ? { CgroupParent: pauseCgroupParent } : {};
  }

  /**
   * Whether containers can have Fargate's limit of open files. An Engine that has less itself (in a
   * sandbox, without root) cannot give it, and does not tell before a container is started.
   */
  get allowsFileLimit(): boolean {
    return this.#allowsFileLimit;
  }

  /**
   * Takes over what an earlier process left warm. Where there is nothing, makes a first one,
   * which also finds out about the limit of open files.
   */
  async open(found: readonly ContainerInspect[]): Promise<void> {
    this.#warm.splice(0, Infinity, ...found.map((container) => this.#describe(container)));
    const [first] = found;
    if (first) {
      this.#allowsFileLimit = (first.HostConfig.Ulimits ?? []).length > 0;
      return;
    }
    this.#allowsFileLimit = true;
    try {
      await this.#makeWarm();
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#setting.log.warn(
        { reason: error.message },
        'Containers keep the limit of open files of the Engine.',
      );
      this.#allowsFileLimit = false;
      await this.#makeWarm();
    }
  }

  /** Adds one to the pool. One that does not start is removed. */
  async #makeWarm(): Promise<void> {
    const { id, running } = this.#make(ordinary, this.#closed.signal);
    try {
      this.#warm.push(await running);
    } catch (error) {
      await this.#remove(await id);
      throw error;
    }
  }

  async find(id: string): Promise<Pause> {
    return this.#describe(await this.#setting.engine.inspectContainer(id));
  }

  /** Starts one that has ended, such as after a restart of the machine. */
  async revive(id: string, signal: AbortSignal): Promise<Pause> {
    await this.#makings.run(() => this.#setting.engine.startContainer(id), signal);
    return this.find(id);
  }

  /** One of the pool has died. */
  forget(id: string): void {
    const index = this.#warm.findIndex((pause) => pause.id === id);
    if (index < 0) return;
    this.#warm.splice(index, 1);
    this.retire(id);
  }

  /** Makes sure that no task after this one is given its network; while it is joined, none is. */
  async markUsed(id: string): Promise<void> {
    try {
      await this.#setting.engine.updateContainer(id, { CpuShares: usedCpuShares });
    } catch (error) {
      if (!(error instanceof EngineError && error.statusCode === 404)) throw error;
    }
  }

  /**
   * Removes one that is marked as used, a moment later or, after a crash, at the next start. Its
   * address is not given to another before.
   */
  retire(id: string): void {
    const removal = this.#remove(id).finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  async #remove(id: string): Promise<void> {
    const { engine, log } = this.#setting;
    try {
      await this.#retirements.run(() => engine.removeContainer(id));
    } catch (error) {
      // That the Engine is away is told of elsewhere.
      if (error instanceof EngineUnreachable) return;
      log.warn({ error, containerId: id }, 'A pause container is left until the next start.');
    }
  }

  /** One of the pool; undefined while it is empty. */
  get anyWarm(): string | undefined {
    return this.#warm[0]?.id;
  }

  /** What is in the pool was made with settings that hold no more. */
  replaceWarm(): void {
    for (const { id } of this.#warm.splice(0)) this.retire(id);
    this.refill();
  }

  /** Fills the pool, one at a time, while the Engine has nothing else to do, or lets go of what is too many. */
  refill(): void {
    this.#refilling ??= this.#fill().finally(() => (this.#refilling = undefined));
  }

  async #fill(): Promise<void> {
    const { clock, log, starts } = this.#setting;
    const signal = AbortSignal.any([this.#closed.signal, this.#interrupted.signal]);
    try {
      while (this.#warm.length < this.#size.wanted(clock.now())) {
        await delay(clock, quietBeforeRefillMs, signal);
        if (signal.aborted || !starts.isIdle || !this.#makings.isIdle) return;
        await this.#makeWarm();
      }
      this.#shrink();
    } catch (error) {
      if (signal.aborted || error instanceof EngineUnreachable) return;
      log.warn({ error }, 'The pool of network namespaces is not filled.');
    }
  }

  /** Lets go of what is too many, now and when the largest burst is forgotten. */
  #shrink(): void {
    const { clock } = this.#setting;
    const now = clock.now();
    for (const { id } of this.#warm.splice(this.#size.wanted(now))) this.retire(id);
    const fallsAt = this.#size.fallsAt(now);
    this.#shrinking?.cancel();
    this.#shrinking = undefined;
    if (fallsAt === undefined || this.#closed.signal.aborted) return;
    this.#shrinking = clock.at(fallsAt, () => this.refill());
  }

  #make(setting: PauseBody, signal: AbortSignal): PauseInMaking {
    const { engine } = this.#setting;
    const id = engine.createContainer(pauseName(), this.#body(setting));
    const running = id.then(async (made) => {
      await this.#makings.run(() => engine.startContainer(made), signal);
      return this.find(made);
    });
    return { id, running };
  }

  #body({ cpuShares, sysctls, ipc, publish }: PauseBody): ContainerBody {
    const { installationId, networkName } = this.#setting;
    const ports = publish?.ports ?? [];
    const binding = [{ HostIp: publish?.bindIP ?? '', HostPort: '' }];
    return {
      Image: this.#image,
      Entrypoint: [pauseProgramPath],
      Labels: { [labelKeys.installation]: installationId, [labelKeys.role]: 'pause' },
      ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
      HostConfig: {
        NetworkMode: networkName,
        ...this.#cgroupParent,
        ...(this.#nameServers.length > 0 ? { Dns: this.#nameServers } : {}),
        CpuShares: cpuShares,
        PortBindings: Object.fromEntries(ports.map((port) => [port, binding])),
        Sysctls: sysctls,
        ...(ipc ? { IpcMode: 'shareable' } : {}),
        ...(ipc?.sharedMemoryMiB ? { ShmSize: ipc.sharedMemoryMiB * bytesPerMiB } : {}),
        Ulimits: this.#allowsFileLimit ? [fileLimit] : [],
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        LogConfig: { Type: 'none', Config: {} },
      },
    };
  }

  #describe({ Id, NetworkSettings }: ContainerInspect): Pause {
    const network = NetworkSettings.Networks[this.#setting.networkName];
    return {
      id: Id,
      macAddress: network?.MacAddress ?? '',
      privateIpv4Address: network?.IPAddress ?? '',
      ports: NetworkSettings.Ports,
    };
  }
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
