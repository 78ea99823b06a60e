import { lastPathElement } from '../../../domain/arn.ts';
import {
  proxyConfigPath,
  proxyHealthyPath,
  proxyHostsPath,
  type ProxyConfig,
} from '../../../domain/service-connect/proxy-config.ts';
import { hostEntriesOf } from '../../../domain/service-connect/virtual-addresses.ts';
import type { TaskOrder } from '../../compute.ts';
import { ProxyImages } from '../connect-proxy/proxy-images.ts';
import { proxyCommand, proxyFiles } from '../connect-proxy/proxy-program.ts';
import type { ContainerBody, EngineInfo } from '../engine-types.ts';
import { pauseArchitecture } from '../pause-image.ts';
import { tarOf, type TarEntry } from '../tar.ts';
import type { ContainerSpec } from '../container-spec.ts';
import { delay } from '../delay.ts';
import { EngineError, EngineUnreachable } from '../engine.ts';
import type { TaskHost } from '../task-host.ts';
import type { TaskRun } from '../task-run.ts';

/** A proxy that has just started is asked this often whether it is ready, and less and less often then. */
const firstAskMs = 25;
const longestAskMs = 1000;

/** What a proxy is to know, and what its container has of that. */
interface Knowledge {
  wanted: ProxyConfig;
  /** What the container has, by the Engine's id of it. */
  laid: { readonly id: string; readonly config: ProxyConfig } | undefined;
  /** The latest of what is being written. */
  writing: Promise<unknown>;
}

type Host = Pick<TaskHost, 'clock' | 'engine' | 'images' | 'isAvailable'> & {
  lost(error: unknown): void;
};

/** The proxies of Service Connect on an Engine: each has its configuration as a file, and says by another that it is ready. */
export class Proxies {
  readonly #host: Host;
  readonly #images: ProxyImages;
  readonly #known = new Map<string, Knowledge>();
  #architecture = '';

  /** With the image to take, where none is to be made. */
  constructor(host: Host, image: string | undefined) {
    this.#host = host;
    const { engine, images } = host;
    this.#images = new ProxyImages(engine, image === undefined ? undefined : { image, images });
  }

  /** Adapts to the Engine, as it is since it was last reached. */
  set engineInfo({ Architecture }: EngineInfo) {
    this.#architecture = Architecture;
  }

  /**
   * The image that proxies are made of.
   * @throws NoProxyImage where there can be none
   */
  image(): Promise<string> {
    return this.#images.require({ Architecture: this.#architecture });
  }

  /** What the Engine is asked to create for a proxy, given what it would be asked for another container. */
  body({ HostConfig, ...body }: ContainerBody): ContainerBody {
    const CapAdd = [...(HostConfig.CapAdd ?? []), 'NET_ADMIN'];
    return { ...body, Entrypoint: proxyCommand, HostConfig: { ...HostConfig, CapAdd } };
  }

  /** Whether a container can be created: a proxy is to know something from its start. */
  mayCreate({ task }: TaskOrder, container: string): boolean {
    if (!isProxyOf(task, container)) return true;
    return this.#known.has(lastPathElement(task.arn));
  }

  /** Whether the proxy knows it now, or will from its start. */
  async configure(run: TaskRun, config: ProxyConfig): Promise<boolean> {
    const { task } = run.order;
    const known = this.#known.get(run.taskId);
    if (known) known.wanted = config;
    else {
      const nothing = Promise.resolve();
      this.#known.set(run.taskId, { wanted: config, laid: undefined, writing: nothing });
    }
    const name = task.serviceConnect?.setting.containerName ?? '';
    const id = run.containers.ids.get(name);
    run.advance();
    if (id === undefined) return true;
    return this.#host.isAvailable && this.#lay(run.taskId, id);
  }

  /** Lays out what a proxy finds when it starts. */
  async prepare({ task }: TaskOrder, id: string): Promise<void> {
    const known = this.#known.get(lastPathElement(task.arn));
    if (!known) return;
    const program = await proxyFiles(pauseArchitecture(this.#architecture));
    await this.#write(known, id, [...program, hostsFile(task)]);
  }

  /** Tells its task when a proxy, which has started, is ready. One that is found may know less than it was to be told. */
  follow(run: TaskRun, { name }: ContainerSpec, id: string): void {
    if (!isProxyOf(run.order.task, name)) return;
    void this.#lay(run.taskId, id);
    this.#untilReady(run, name, id).catch((error: unknown) => this.#host.lost(error));
  }

  forget(taskId: string): void {
    this.#known.delete(taskId);
  }

  async #untilReady(run: TaskRun, name: string, id: string): Promise<void> {
    const { clock, engine } = this.#host;
    for (let wait = firstAskMs; isRunning(run, name, id); wait = Math.min(2 * wait, longestAskMs)) {
      if (!this.#host.isAvailable) return;
      if (await engine.hasFile(id, proxyHealthyPath)) return run.healthChanged(name, 'HEALTHY');
      await delay(clock, wait);
    }
  }

  /** One that has vanished needs to know nothing; whatever else the Engine says is said again. */
  async #lay(taskId: string, id: string): Promise<boolean> {
    const known = this.#known.get(taskId);
    if (!known) return false;
    try {
      await this.#write(known, id);
      return true;
    } catch (error) {
      if (error instanceof EngineError) return false;
      if (!(error instanceof EngineUnreachable)) throw error;
      this.#host.lost(error);
      return false;
    }
  }

  /** One after the other, so that the newest is the last. */
  async #write(known: Knowledge, id: string, besides: readonly TarEntry[] = []): Promise<void> {
    const before = known.writing;
    const writing = this.#writeAfter(before, known, { id, besides });
    known.writing = writing;
    await writing;
  }

  async #writeAfter(
    before: Promise<unknown>,
    known: Knowledge,
    { id, besides }: { readonly id: string; readonly besides: readonly TarEntry[] },
  ): Promise<void> {
    // Who asked for it has been told how it went.
    await before.catch(() => undefined);
    const { wanted, laid } = known;
    if (laid?.id === id && laid.config === wanted) return;
    await this.#host.engine.putArchive(id, '/', tarOf([...besides, fileOf(wanted)]));
    known.laid = { id, config: wanted };
  }
}

/**
 * The proxy adds it to its /etc/hosts, which is that of its whole task. A pause container that had the names from the start
 * would have to be made for the task.
 */
function hostsFile({ serviceConnect }: TaskOrder['task']): TarEntry {
  const entries = hostEntriesOf(serviceConnect?.setting.reaches ?? []);
  const lines = entries.map(({ name, address }) => `${address}\t${name}\n`);
  return { name: proxyHostsPath.slice(1), mode: 0o644, content: Buffer.from(lines.join('')) };
}

function fileOf(config: ProxyConfig): TarEntry {
  const content = Buffer.from(JSON.stringify(config));
  return { name: proxyConfigPath.slice(1), mode: 0o644, content };
}

function isRunning(run: TaskRun, name: string, id: string): boolean {
  const { containers } = run;
  return containers.ids.get(name) === id && containers.state(name).phase === 'running';
}

export function isProxyOf(task: TaskOrder['task'], container: string): boolean {
  return task.serviceConnect?.setting.containerName === container;
}
