import type { Instant } from '../../domain/instant.ts';
import { findLogRouter } from '../../domain/firelens/plan-routing.ts';
import { present } from '../../domain/present.ts';
import type { TaskReport } from '../../domain/task/report.ts';
import type { TaskOrder } from '../compute.ts';
import {
  ConfigurationUnavailable,
  needsConfiguration,
  type ContainerConfiguration,
} from '../task-configuration.ts';
import { conceal } from './conceal.ts';
import type { ContainerSpec } from './container-spec.ts';
import { EngineError } from './engine.ts';
import { layRouter, RouterUnavailable, type LaidRouter } from './firelens/lay-router.ts';
import type { ContainerInspect } from './engine-types.ts';
import { ImageUnavailable, type Image } from './images.ts';
import { impossibleReason } from './impossible.ts';
import { sharedSettings } from './linux-settings.ts';
import { missingLogDriver } from './log-config.ts';
import { ManagedVolumeFailure } from './managed-volumes.ts';
import { networkInterfaceId } from './names.ts';
import { networkOf } from './network/task-network.ts';
import { orAborted } from './or-aborted.ts';
import type { Pause, PauseInMaking } from './pauses.ts';
import { exposedPorts } from './published-ports.ts';
import type { TaskHost } from './task-host.ts';
import {
  cannotBound,
  cannotLayRouter,
  cannotSetUpNetwork,
  failOn,
  failWith,
  StartUpFailure,
} from './start-up-failure.ts';
import { SliceFailure } from './task-slices.ts';
import { createVolumes, VolumeUnavailable } from './task-volumes.ts';
import { isProxyOf } from './service-connect/proxies.ts';
import { NoProxyImage } from './connect-proxy/proxy-images.ts';
import { unsupportedReason } from './unsupported.ts';

export interface FoundPause {
  readonly id: string;
  readonly isRunning: boolean;
}

/** What the Engine has of a task, found after a time in which nobody looked. */
export interface FoundTask {
  readonly containers: ReadonlyMap<string, ContainerInspect>;
  readonly pause: FoundPause | undefined;
}

export interface StartUpSetting {
  readonly order: TaskOrder;
  readonly taskId: string;
  readonly specs: readonly ContainerSpec[];
  readonly host: TaskHost;
  /** What is there of an earlier start. */
  readonly found: FoundPause | undefined;
  readonly report: (...reports: TaskReport[]) => void;
  /** Called with the id of the pause container, as soon as there is one. */
  readonly identified: (pauseId: string) => void;
  /** Called when more may be done than before. */
  readonly progressed: () => void;
}

/** Brings about what a task's containers need: its network, its images, its volumes. */
export class StartUp {
  readonly #setting: StartUpSetting;
  /** Aborts when all is given up, from outside or because a part of it has failed. */
  readonly #givenUp = new AbortController();
  /** Aborts when no container is to be started any more: only the network is gone on with. */
  readonly #cutShort = new AbortController();
  #isAbandoned = false;
  #pauseId: string | undefined;
  #pause: Pause | undefined;
  #images: ReadonlyMap<string, Image> = new Map();
  #configurations: ReadonlyMap<string, ContainerConfiguration> = new Map();
  #laidRouter: LaidRouter | undefined;
  #mayCreate = false;

  constructor(setting: StartUpSetting) {
    this.#setting = setting;
    this.#pauseId = setting.found?.id;
  }

  get pauseId(): string | undefined {
    return this.#pauseId;
  }

  get pause(): Pause | undefined {
    return this.#pause;
  }

  /** A container can be created: there are images, and a network to join, be it on its way. */
  mayCreate(container: string): boolean {
    const { host, order } = this.#setting;
    return this.#mayCreate && host.proxies.mayCreate(order, container);
  }

  /** The image of a container. */
  image(container: string): Image | undefined {
    return this.#images.get(container);
  }

  /** What a container only points to; undefined where that is nothing. */
  configuration(container: string): ContainerConfiguration | undefined {
    return this.#configurations.get(container);
  }

  /** A text of the Engine's, for all to see. */
  conceal(text: string): string {
    return conceal(text, this.#configurations.values());
  }

  /** What the task's log router has; undefined where there is none. */
  get laidRouter(): LaidRouter | undefined {
    return this.#laidRouter;
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  abandon(): void {
    this.#isAbandoned = true;
    this.#giveUp();
  }

  /** ECS connects a task that is told to stop before it was connected, and pulls nothing for it. */
  cutShort(): void {
    this.#cutShort.abort(new Error('The task stops.'));
  }

  #giveUp(): void {
    this.#givenUp.abort(new Error('The start of the task was given up.'));
  }

  /**
   * Resolves when containers can be started, or the network is there for a start that is cut short.
   * Reports come in ECS's order, whatever is ready first.
   * @throws StartUpFailure; anything else where it was abandoned or the Engine went away
   */
  async run(): Promise<void> {
    const { signal } = this.#cutShort;
    try {
      await (signal.aborted ? this.#connectOnly() : this.#prepare());
    } catch (error) {
      if (!(signal.aborted && error === signal.reason)) throw error;
    }
  }

  async #connectOnly(): Promise<void> {
    const network = this.#network();
    await this.#all([this.#identify(network?.id), this.#reportConnection(network?.running)]);
  }

  async #prepare(): Promise<void> {
    const { host, order, specs } = this.#setting;
    const refusal =
      unsupportedReason(order, specs) ??
      impossibleReason(order, specs, host) ??
      missingLogDriver(host.logDrivers, specs);
    if (refusal !== undefined) throw new StartUpFailure(refusal);
    const network = this.#network();
    const configured = this.#configure();
    const pull = this.#pull(configured);
    const attached = this.#attachManagedVolume();
    const running = attached.then(() => network?.running);
    const { images } = pull;
    const routed = this.#layRouter(configured);
    const volumes = Promise.all([attached.then(() => this.#createVolumes()), routed]);
    const progress = this.#reportProgress(running, pull);
    await this.#all([
      this.#prepareCreation(network?.id, { images, volumes }, progress),
      this.#bound(network?.running),
      progress,
    ]);
  }

  async #bound(running: Promise<Pause> | undefined): Promise<void> {
    const { host, order } = this.#setting;
    const pause = await running;
    try {
      await host.bounds.bound(order, pause?.id);
    } catch (error) {
      if (error instanceof SliceFailure) throw new StartUpFailure(cannotBound + error.message);
      throw error instanceof EngineError
        ? new StartUpFailure(`${cannotBound}Error response from daemon: ${error.message}`)
        : error;
    }
  }

  /** Waits for all parts, so that nothing goes on unseen; the first failure gives up the others. */
  async #all(parts: readonly Promise<unknown>[]): Promise<void> {
    let first: { readonly error: unknown } | undefined;
    const guarded = parts.map((part) =>
      part.catch((error: unknown) => {
        first ??= { error };
        this.#giveUp();
      }),
    );
    await Promise.all(guarded);
    if (first) throw first.error;
  }

  /** Nothing to be made where each container has a network of its own, or none. */
  #network(): PauseInMaking | undefined {
    const { found, host, order, specs } = this.#setting;
    if (!networkOf(order).isShared) return undefined;
    const { signal } = this.#givenUp;
    const made = found
      ? this.#found(found, signal)
      : host.pauses.take(
          {
            ...sharedSettings(order, specs),
            ...(host.publish
              ? { publish: { bindIP: host.publish.bindIP, ports: exposedPorts(specs) } }
              : {}),
          },
          signal,
        );
    return {
      id: made.id.catch(failWith(cannotSetUpNetwork)),
      running: made.running.catch(failWith(cannotSetUpNetwork)),
    };
  }

  #found({ id, isRunning }: FoundPause, signal: AbortSignal): PauseInMaking {
    const { pauses } = this.#setting.host;
    const running = isRunning ? pauses.find(id) : pauses.revive(id, signal);
    return { id: Promise.resolve(id), running };
  }

  /** Nothing is asked for where nothing is pointed to. */
  async #configure(): Promise<void> {
    const { host, order, specs } = this.#setting;
    if (!specs.some(({ definition }) => needsConfiguration(definition))) return;
    const configurations = orAborted(host.configure(order), this.#pullSignal);
    this.#configurations = await configurations.catch(failOn(ConfigurationUnavailable));
  }

  get #pullSignal(): AbortSignal {
    return AbortSignal.any([this.#givenUp.signal, this.#cutShort.signal]);
  }

  /** ECS has the secrets before it pulls: what a registry asks for may be among them. */
  #pull(configured: Promise<void>): Pull {
    const { host, order, specs } = this.#setting;
    const architecture = declaredArchitecture(order);
    const signal = this.#pullSignal;
    const required = specs.map(async (spec): Promise<[string, Image]> => {
      const { name, pinnedDigest: pin, definition } = spec;
      await configured;
      const image = isProxyOf(order.task, name) ? await this.#proxyImage() : definition.image;
      const credentials = this.configuration(name)?.registry;
      try {
        return [
          name,
          await host.images.require(
            { image, ...present({ architecture, pin, credentials }) },
            signal,
          ),
        ];
      } catch (error) {
        if (!(error instanceof ImageUnavailable)) throw error;
        throw new StartUpFailure(error.message, image);
      }
    });
    const now = () => host.clock.now();
    const images = Promise.all(required).then((entries) => new Map(entries));
    const startedAt = configured.then(now, () => undefined);
    return { startedAt, images, stoppedAt: images.then(now, now) };
  }

  async #proxyImage(): Promise<string> {
    return this.#setting.host.proxies.image().catch(failOn(NoProxyImage));
  }

  async #prepareCreation(
    pauseId: Promise<string> | undefined,
    { images, volumes }: Pick<Pull, 'images'> & { readonly volumes: Promise<unknown> },
    progress: Promise<void>,
  ): Promise<void> {
    const identified = this.#identify(pauseId);
    const pulled = images.then(
      (found) => {
        this.#images = found;
      },
      async (error: unknown) => {
        // A pull fails after the task was connected and its pull told of, however soon that is known.
        await progress;
        throw error;
      },
    );
    await this.#all([volumes, identified, pulled, this.#openLogs(progress)]);
    this.#mayCreate = true;
    this.#setting.progressed();
  }

  /** The streams of all containers are there before any of them runs. */
  async #openLogs(progress: Promise<void>): Promise<void> {
    const { host, order } = this.#setting;
    const refusal = await host.shipments.open(order);
    if (refusal === undefined) return;
    // Like a pull that fails, it is told of when the task is connected.
    await progress;
    throw new StartUpFailure(refusal);
  }

  /** On ECS, a task is connected when it has its volume too. */
  async #attachManagedVolume(): Promise<void> {
    const { host, order } = this.#setting;
    const { managedVolume } = order.task;
    if (!managedVolume) return;
    await host.managedVolumes.attach(managedVolume).catch(failOn(ManagedVolumeFailure));
  }

  async #createVolumes(): Promise<void> {
    const { host, order } = this.#setting;
    await createVolumes(host, order).catch(failOn(VolumeUnavailable));
  }

  /** A file of the log router's may be among what is pointed to. */
  async #layRouter(configured: Promise<void>): Promise<void> {
    const { host, order, specs } = this.#setting;
    const containers = specs.map(({ definition }) => definition);
    const router = findLogRouter(containers);
    // Why a task has no configuration is told by its pull.
    const isConfigured = await configured.then(
      () => true,
      () => false,
    );
    if (!router || !isConfigured) return;
    const file = this.configuration(router.name)?.routerFile;
    this.#laidRouter = await layRouter(host, { order, router, containers }, file)
      .catch(failOn(RouterUnavailable))
      .catch(failWith(cannotLayRouter));
  }

  /** Taken down as soon as it is known: whatever else fails, the container is to be removed. */
  async #identify(pauseId: Promise<string> | undefined): Promise<void> {
    if (!pauseId) return;
    const id = await pauseId;
    this.#pauseId = id;
    this.#setting.identified(id);
  }

  async #reportProgress(running: Promise<Pause | undefined>, pull: Pull): Promise<void> {
    const { report } = this.#setting;
    const connectedAt = await this.#reportConnection(running);
    const startedAt = await pull.startedAt;
    if (this.#cutShort.signal.aborted || startedAt === undefined) return;
    // ECS pulls when a task is connected: what was done before that counts from then on.
    const orLater = (at: Instant): Instant => Math.max(at, connectedAt);
    report({ kind: 'PullStarted', at: orLater(startedAt) });
    report({ kind: 'PullStopped', at: orLater(await pull.stoppedAt) });
  }

  async #reportConnection(running: Promise<Pause | undefined> | undefined): Promise<Instant> {
    const { host, report, taskId } = this.#setting;
    this.#pause = await running;
    const at = host.clock.now();
    const connected = { kind: 'Connected', at } as const;
    if (!this.#pause) {
      report(connected);
      return at;
    }
    const { macAddress, privateIpv4Address } = this.#pause;
    const address = {
      networkInterfaceId: networkInterfaceId(taskId),
      macAddress,
      privateIpv4Address,
    };
    report({ kind: 'NetworkInterfaceCreated', address }, connected);
    return at;
  }
}

interface Pull {
  /** Undefined where it never starts. */
  readonly startedAt: Promise<Instant | undefined>;
  readonly images: Promise<ReadonlyMap<string, Image>>;
  readonly stoppedAt: Promise<Instant>;
}

/**
 * The architecture that images must have. Where a task definition names none, an image that is
 * there is taken as it is: ECS's default of x86_64 would shut out every image that was built on an
 * arm64 machine.
 */
function declaredArchitecture(order: TaskOrder): 'amd64' | 'arm64' | undefined {
  if (order.taskDefinition.content.runtimePlatform?.cpuArchitecture === undefined) return undefined;
  return order.task.cpuArchitecture === 'arm64' ? 'arm64' : 'amd64';
}
