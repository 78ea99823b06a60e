import type { TaskReport, TaskReports } from '../../domain/task/report.ts';
import type { TaskArn } from '../../domain/arn.ts';
import type { Machine } from '../../domain/container-instance/machine.ts';
import { newUuid } from '../../support/ids.ts';
import type { TaskOrder } from '../compute.ts';
import type { LogSink } from '../log-sink.ts';
import { taskIdOf, type ContainerSpec } from './container-spec.ts';
import { Absence } from './absence.ts';
import { Engine, EngineUnreachable } from './engine.ts';
import type { EngineEvent, EngineInfo } from './engine-types.ts';
import type { FileSystems } from '../file-systems.ts';
import { Gate } from '../../support/gate.ts';
import { Images } from './images.ts';
import type { EngineAbilities } from './impossible.ts';
import { canBoundLayers } from './layer-bound.ts';
import { HostRanges } from './network/host-ranges.ts';
import { machineOf, type ByHost } from './machine-of.ts';
import type { ManagedVolumes } from './managed-volumes.ts';
import { installationLabel, labelKeys } from './names.ts';
import { healthStatus } from './observed-state.ts';
import { LogShipments } from './log-shipments.ts';
import type { OutputStore } from './output-store.ts';
import { pauseArchitecture, pauseImage, pauseRepository } from './pause-image.ts';
import { Pauses } from './pauses.ts';
import { reconcile } from './reconcile.ts';
import { delay } from './delay.ts';
import { Proxies } from './service-connect/proxies.ts';
import { EndpointDirectory } from './endpoint-directory.ts';
import type { EndpointSocket } from './endpoint-socket.ts';
import { openEndpoint } from './open-endpoint.ts';
import { openResolver } from './open-resolver.ts';
import type { Clock } from '../../support/clock.ts';
import type { Logger } from '../../support/logger.ts';
import type { ContainerResolver } from '../container-resolver.ts';
import type { ConfigureTask } from '../task-configuration.ts';
import { checkResolver, type ResolverCheckTimes } from './resolver-check.ts';
import type { TaskHost } from './task-host.ts';
import type { FoundTask } from './start-up.ts';
import { TaskBounds } from './task-bounds.ts';
import { TaskRun } from './task-run.ts';
import { TaskSlices } from './task-slices.ts';

export interface EngineHostSetting {
  readonly url: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Marks what is ours on the Engine; several installations may share one. */
  readonly installationId: string;
  readonly networkName: string;
  readonly fewestWarmPauses: number;
  readonly keepsRawSockets: boolean;
  readonly firstPullRetryMs: number;
  readonly publish: { readonly bindIP: string } | undefined;
  readonly serviceConnectImage: string | undefined;
  readonly outputs: OutputStore;
  readonly fileSystems: FileSystems;
  readonly managedVolumes: ManagedVolumes;
  readonly logs: LogSink;
  /** Where containers find what ECS tells a task; absent where there is nothing. */
  readonly endpoint: EndpointSocket | undefined;
  /** Absent where containers ask whom the Engine tells them to. */
  readonly resolver: ContainerResolver | undefined;
  readonly resolverCheck: ResolverCheckTimes;
  readonly configure: ConfigureTask;
  readonly report: (reports: TaskReports) => void;
  /** Called when the Engine has come or gone. */
  readonly onAvailabilityChanged: () => void;
}

/** Measured: four starts at a time are the best that two cores do; more only take longer each. */
const startsPerCore = 2;
/** A stop is mostly waiting, and so is a creation on the disk. */
const stopsPerCore = 4;
const createsPerCore = 4;
const firstReconnectMs = 250;
const longestReconnectMs = 5000;
/** So many tasks are remembered as done, for orders that come late. */
const maximumRemembered = 10_000;

const nothing: FoundTask = { containers: new Map(), pause: undefined };

/** All state comes from these. Those of checks that are run inside containers would drown them. */
const watchedActions = ['start', 'die', 'oom', 'health_status'];

/**
 * An Engine and the tasks on it: keeps the connection, and hands each event to the task that it
 * concerns.
 */
export class EngineHost implements TaskHost {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly installationId: string;
  readonly publish?: { readonly bindIP: string };
  readonly keepsRawSockets: boolean;
  readonly starts: Gate;
  readonly stops = new Gate(stopsPerCore);
  readonly creates = new Gate(createsPerCore);
  readonly images: Images;
  readonly pauses: Pauses;
  readonly bounds: TaskBounds;
  readonly outputs: OutputStore;
  readonly fileSystems: FileSystems;
  readonly managedVolumes: ManagedVolumes;
  readonly hostRanges: HostRanges;
  readonly shipments: LogShipments;
  readonly proxies: Proxies;
  readonly configure: ConfigureTask;
  logDrivers: ReadonlySet<string> = new Set();
  readonly directory = new EndpointDirectory();
  readonly #setting: EngineHostSetting;
  readonly #runs = new Map<string, TaskRun>();
  readonly #done = new Set<string>();
  readonly #watched = new Map<string, { readonly run: TaskRun; readonly container?: string }>();
  readonly #closed = new AbortController();
  #connection = new AbortController();
  readonly #absence: Absence;
  #isAvailable = false;
  #abilities: EngineAbilities = {};
  #machine: Omit<Machine, ByHost> | undefined;
  #hasToldUnbounded = false;
  #loop: Promise<void> | undefined;

  constructor(setting: EngineHostSetting) {
    const { clock, installationId, log, networkName } = setting;
    this.#setting = setting;
    this.engine = new Engine(setting.url);
    this.#absence = new Absence(setting.url, log);
    this.hostRanges = new HostRanges(this.engine);
    this.clock = clock;
    this.log = log;
    this.installationId = installationId;
    this.keepsRawSockets = setting.keepsRawSockets;
    this.outputs = setting.outputs;
    this.configure = setting.configure;
    this.fileSystems = setting.fileSystems;
    this.managedVolumes = setting.managedVolumes;
    const { engine } = this;
    this.shipments = new LogShipments({ engine, sink: setting.logs, clock, log, newUuid });
    if (setting.publish) this.publish = setting.publish;
    this.starts = new Gate(startsPerCore, () => this.#refill());
    this.images = new Images(this.engine, clock, setting.firstPullRetryMs);
    const slices = new TaskSlices(installationId, log);
    this.bounds = new TaskBounds(engine, setting.url, slices);
    this.proxies = new Proxies(this, setting.serviceConnectImage);
    this.pauses = new Pauses({
      engine: this.engine,
      clock,
      log,
      starts: this.starts,
      installationId,
      networkName,
      fewestWarm: setting.fewestWarmPauses,
    });
  }

  /** By what containers reach their endpoint; undefined where there is none. */
  get endpointUrl(): string | undefined {
    return this.#setting.endpoint?.url;
  }

  /** Whom containers ask for names, as far as that is on the Engine's machine; empty for the Engine's choice. */
  get nameServers(): readonly string[] {
    return (this.engine.isLocal && this.#setting.resolver?.nameServers) || [];
  }

  /** As they are since the Engine was last reached. */
  get abilities(): EngineAbilities {
    return this.#abilities;
  }

  get isAvailable(): boolean {
    return this.#isAvailable;
  }

  /** The machine that the Engine is on, while it can be reached. */
  get machine(): Machine | undefined {
    if (!this.#isAvailable || !this.#machine) return undefined;
    const servesRoles = this.endpointUrl !== undefined;
    return { ...this.#machine, attachesVolumes: this.engine.isLocal, servesRoles };
  }

  /** Resolves after the first attempt to reach the Engine, however it went. */
  async open(orders: readonly TaskOrder[]): Promise<void> {
    for (const order of orders) this.#add(order);
    const attempted = Promise.withResolvers<void>();
    this.#loop = this.#stayConnected(attempted.resolve);
    await attempted.promise;
  }

  start(order: TaskOrder): void {
    const taskId = taskIdOf(order);
    if (this.#runs.has(taskId) || this.#done.has(taskId)) return;
    this.#take(order);
  }

  /** A task that is not known here has nothing to stop, which is told like any other end. */
  stop(order: TaskOrder): void {
    if (this.#done.has(taskIdOf(order))) {
      return this.report(order.task.arn, [{ kind: 'Released', at: this.clock.now() }]);
    }
    const run = this.#runs.get(taskIdOf(order)) ?? this.#take(order);
    run.stop();
  }

  find(taskId: string): TaskRun | undefined {
    return this.#runs.get(taskId);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#isAvailable = false;
    this.#connection.abort();
    for (const run of this.#runs.values()) run.letGo();
    this.shipments.close();
    // What is being connected may yet bring pause containers into the pool.
    await this.#loop;
    await Promise.all([this.pauses.close(), this.starts.settled()]);
  }

  report(taskArn: TaskArn, reports: readonly TaskReport[]): void {
    if (this.#closed.signal.aborted) return;
    this.directory.heard(taskArn, reports);
    this.#setting.report({ taskArn, reports });
  }

  watch(containerId: string, run: TaskRun, container?: string): void {
    this.#watched.set(containerId, container === undefined ? { run } : { run, container });
  }

  follow(run: TaskRun, spec: ContainerSpec, containerId: string): void {
    this.shipments.follow(run.order, spec, containerId);
    this.proxies.follow(run, spec, containerId);
  }

  released(run: TaskRun): void {
    this.#runs.delete(run.taskId);
    this.directory.remove(run.order.task.arn);
    this.proxies.forget(run.taskId);
    for (const [id, watched] of this.#watched) if (watched.run === run) this.#watched.delete(id);
    this.#done.add(run.taskId);
    for (const oldest of this.#done) {
      if (this.#done.size <= maximumRemembered) break;
      this.#done.delete(oldest);
    }
    this.#refill();
  }

  lost(error: unknown): void {
    if (!this.#isAvailable || this.#closed.signal.aborted) return;
    this.#setAvailable(false);
    this.#absence.noticed(error, this.clock.now());
    this.#connection.abort();
  }

  #take(order: TaskOrder): TaskRun {
    const run = this.#add(order);
    if (this.#isAvailable) {
      run.adopt(nothing);
      run.advance();
    }
    return run;
  }

  #add(order: TaskOrder): TaskRun {
    const run = new TaskRun(order, this);
    this.#runs.set(run.taskId, run);
    this.directory.add(order);
    return run;
  }

  async #stayConnected(attempted: () => void): Promise<void> {
    const { signal } = this.#closed;
    for (
      let wait = firstReconnectMs;
      !signal.aborted;
      wait = Math.min(wait * 2, longestReconnectMs)
    ) {
      try {
        this.#connection = new AbortController();
        const events = await this.#connect();
        wait = firstReconnectMs;
        attempted();
        for await (const event of events) this.#dispatch(event);
        this.lost(new EngineUnreachable(new Error('The stream of events has ended.')));
      } catch (error) {
        if (this.#isAvailable) this.lost(error);
        else if (!signal.aborted) this.#absence.noticed(error, this.clock.now());
      }
      this.#setAvailable(false);
      this.#connection.abort();
      attempted();
      await delay(this.clock, wait, signal);
    }
  }

  /** Events are asked for from before the look at what is there, so that nothing falls between. */
  async #connect(): Promise<AsyncIterable<EngineEvent>> {
    const { networkName, installationId } = this.#setting;
    const info = await this.engine.info();
    const { Architecture, NCPU, SystemTime, Plugins } = info;
    this.#machine = machineOf(info, this.engine.url);
    this.logDrivers = new Set(Plugins.Log);
    this.starts.limit = startsPerCore * NCPU;
    this.stops.limit = stopsPerCore * NCPU;
    this.creates.limit = createsPerCore * NCPU;
    this.pauses.engineInfo = info;
    this.proxies.engineInfo = info;
    await this.bounds.adapt(info);
    this.#abilities = info;
    await this.engine.createNetwork(networkName, { [labelKeys.installation]: installationId });
    const { endpoint, resolver } = this.#setting;
    if (endpoint) await openEndpoint(endpoint, this.engine, this.log);
    if (resolver) await openResolver(resolver, this.engine);
    this.pauses.nameServers = this.nameServers;
    const image = await this.#providePauseImage(Architecture);
    this.pauses.image = image;
    const boundsLayers = await canBoundLayers(this.engine, info, { image, installationId });
    this.#abilities = { ...info, boundsLayers };
    const label = installationLabel(installationId);
    const { signal } = this.#connection;
    const since = (Date.parse(SystemTime) / 1000).toFixed(3);
    const events = await this.engine.events({ label, actions: watchedActions, since, signal });
    this.#watched.clear();
    const found = await reconcile(this, networkName, this.#runs);
    const runs = [...this.#runs.values()];
    await Promise.all(runs.map((run) => run.resume(found.get(run.taskId) ?? nothing)));
    if (this.#closed.signal.aborted) return events;
    this.#setAvailable(true);
    this.#absence.ended();
    this.log.info({ engine: this.engine.url, tasks: runs.length }, 'The Docker Engine is there.');
    this.#tellUnbounded(info);
    for (const run of runs) run.advance();
    this.#refill();
    this.#checkResolver();
    // Nobody decides by what was before: for ends, too, the Engine may have to be asked.
    await Promise.all(runs.map((run) => run.told()));
    return events;
  }

  #tellUnbounded({ Driver: driver }: EngineInfo): void {
    if (this.#abilities.boundsLayers || this.#hasToldUnbounded) return;
    this.#hasToldUnbounded = true;
    this.log.info(
      { driver },
      'The storage driver of the Engine bounds no containers: ephemeralStorage is no limit.',
    );
  }

  #checkResolver(): void {
    const { resolver, resolverCheck: times } = this.#setting;
    if (!resolver || this.nameServers.length === 0) return;
    const { engine, pauses, clock, log } = this;
    const { signal } = this.#connection;
    checkResolver({ engine, pauses, resolver, times, clock, log, signal }).catch(
      (error: unknown) => {
        log.error({ error }, 'It is not known whether containers reach the resolver.');
      },
    );
  }

  #setAvailable(isAvailable: boolean): void {
    if (this.#isAvailable === isAvailable) return;
    this.#isAvailable = isAvailable;
    this.#setting.onAvailabilityChanged();
  }

  async #providePauseImage(engineArchitecture: string): Promise<string> {
    const { tag, tar } = pauseImage(pauseArchitecture(engineArchitecture));
    const name = `${pauseRepository}:${tag}`;
    const present = await this.engine.findImage(name);
    if (!present) await this.engine.importImage(pauseRepository, tag, tar);
    return name;
  }

  #dispatch({ Action, Actor, timeNano }: EngineEvent): void {
    const at = Math.floor(timeNano / 1e6);
    const { ID, Attributes } = Actor;
    const watched = this.#watched.get(ID);
    if (!watched) {
      if (Action === 'die') this.pauses.forget(ID);
      return;
    }
    const { run, container } = watched;
    if (container === undefined) {
      if (Action === 'die') run.networkEnded();
      return;
    }
    if (Action === 'start') run.started(container, at);
    else if (Action === 'die') run.died(container, at, Number(Attributes['exitCode']));
    else if (Action === 'oom') run.ranOutOfMemory(container);
    else if (Action.startsWith('health_status: ')) {
      run.healthChanged(container, healthStatus(Action.slice('health_status: '.length)));
    }
  }

  #refill(): void {
    if (this.#isAvailable) this.pauses.refill();
  }
}
