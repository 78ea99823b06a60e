import { fileLimit } from './container-body.ts';
import { pauseName, labelKeys, retiredPauseName, warmPauseName } from './names.ts';
import { EngineError, type Engine } from './engine.ts';
import type { ContainerBody, ContainerInspect } from './engine-types.ts';
import type { Gate } from './gate.ts';
import { pauseProgramPath } from './pause-image.ts';
import { delay } from './delay.ts';
import type { Clock } from '../../support/clock.ts';
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
  /** `80/tcp`, each published on the address with a port of the Engine's choice. */
  readonly publish?: { readonly bindIP: string; readonly ports: readonly string[] };
}

/** A pause container on its way: it can be named before it runs. */
export interface PauseInMaking {
  readonly id: Promise<string>;
  readonly running: Promise<Pause>;
}

export interface PausesSetting {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly starts: Gate;
  readonly installationId: string;
  readonly networkName: string;
  /** How many are kept warm. */
  readonly warm: number;
}

/** The Engine is left in peace for this long before the pool is filled again. */
const quietBeforeRefillMs = 200;
const ordinary: PauseSetting = { sysctls: {} };

/**
 * The pause containers: making a network namespace is the slow part of a start, so some are
 * kept warm. They have no task until one takes them over, which renames them after it.
 */
export class Pauses {
  readonly #setting: PausesSetting;
  readonly #warm: Pause[] = [];
  #image = '';
  #closed = new AbortController();
  #refilling = false;
  #allowsFileLimit = true;

  constructor(setting: PausesSetting) {
    this.#setting = setting;
  }

  /** The image of the pause containers; what another version of it made is of no use. */
  get image(): string {
    return this.#image;
  }

  set image(image: string) {
    this.#image = image;
  }

  close(): void {
    this.#closed.abort();
  }

  /** Takes a warm one where the task needs nothing special, else makes one. */
  take(taskId: string, setting: PauseSetting, signal: AbortSignal): PauseInMaking {
    const special = Object.keys(setting.sysctls).length > 0 || setting.publish !== undefined;
    const warm = special ? undefined : this.#warm.shift();
    if (!warm) return this.#make(pauseName(taskId), setting, signal);
    const renamed = this.#setting.engine.renameContainer(warm.id, pauseName(taskId));
    return { id: Promise.resolve(warm.id), running: renamed.then(() => warm) };
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
    this.#warm.push((await this.#makeLimited()) ?? (await this.#makeWarm()));
  }

  async #makeLimited(): Promise<Pause | undefined> {
    const made = this.#make(warmPauseName(), ordinary, this.#closed.signal);
    try {
      return await made.running;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#setting.log.warn({ error }, 'Containers keep the limit of open files of the Engine.');
      this.#allowsFileLimit = false;
      await this.#setting.engine.removeContainer(await made.id);
      return undefined;
    }
  }

  async #makeWarm(): Promise<Pause> {
    return this.#make(warmPauseName(), ordinary, this.#closed.signal).running;
  }

  async find(id: string): Promise<Pause> {
    return this.#describe(await this.#setting.engine.inspectContainer(id));
  }

  /** Starts one that has ended, such as after a restart of the machine. */
  async revive(id: string, signal: AbortSignal): Promise<Pause> {
    await this.#setting.starts.run(() => this.#setting.engine.startContainer(id), signal);
    return this.find(id);
  }

  /** One of the pool has died. */
  forget(id: string): void {
    const index = this.#warm.findIndex((pause) => pause.id === id);
    if (index < 0) return;
    this.#warm.splice(index, 1);
    this.#remove(id);
  }

  /**
   * The task lets go of its network. From the new name on the container is nobody's; that it is
   * removed a moment later, or after a crash at the next start, concerns the task no more.
   */
  async retire(id: string): Promise<void> {
    const { engine } = this.#setting;
    try {
      await engine.renameContainer(id, retiredPauseName(id));
    } catch (error) {
      if (error instanceof EngineError && error.statusCode === 404) return;
      throw error;
    }
    this.#remove(id);
  }

  #remove(id: string): void {
    const { engine, log } = this.#setting;
    engine.removeContainer(id).catch((error: unknown) => {
      log.warn({ error, containerId: id }, 'A pause container is left until the next start.');
    });
  }

  /** Fills the pool, one at a time, while the Engine has nothing else to do. */
  async refill(): Promise<void> {
    const { clock, log, starts, warm } = this.#setting;
    if (this.#refilling) return;
    this.#refilling = true;
    try {
      while (this.#warm.length < warm) {
        await delay(clock, quietBeforeRefillMs, this.#closed.signal);
        if (this.#closed.signal.aborted || !starts.isIdle) return;
        this.#warm.push(await this.#makeWarm());
      }
    } catch (error) {
      log.warn({ error }, 'The pool of network namespaces is not filled.');
    } finally {
      this.#refilling = false;
    }
  }

  #make(name: string, setting: PauseSetting, signal: AbortSignal): PauseInMaking {
    const { engine, starts } = this.#setting;
    const id = engine.createContainer(name, this.#body(setting));
    const running = id.then(async (made) => {
      await starts.run(() => engine.startContainer(made), signal);
      return this.find(made);
    });
    return { id, running };
  }

  #body({ sysctls, publish }: PauseSetting): ContainerBody {
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
        PortBindings: Object.fromEntries(ports.map((port) => [port, binding])),
        Sysctls: sysctls,
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
