import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClusterArn, TaskArn } from '../../domain/arn.ts';
import type { Machine } from '../../domain/container-instance/machine.ts';
import type { ProxyConfig } from '../../domain/service-connect/proxy-config.ts';
import type { TaskReports } from '../../domain/task/report.ts';
import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import type { Clock, Timer } from '../../support/clock.ts';
import { requirementsOf } from '../../domain/placement/task-requirements.ts';
import { present } from '../../domain/present.ts';
import type { Compute, ComputeHealth, OutputLine, OutputQuery, TaskOrder } from '../compute.ts';
import type { ScriptedUsage, TaskUsage } from '../task-usage.ts';
import { AddressPool } from './address-pool.ts';
import { advanceLife, type Advance } from './advance-life.ts';
import { OutputLog } from './output-log.ts';
import { defaultDelays, type Pace, type SimulatedDelays } from './pace.ts';
import { lifeOf, nextEventAt, type TaskLife } from './task-life.ts';
import { taskScriptOf, withProxy, type TaskScript } from './task-script.ts';

export interface SimulatedComputeOptions {
  readonly clock: Clock;
  /** In place of `defaultDelays`. */
  readonly delays?: Partial<SimulatedDelays>;
  /** By which part each delay varies, from 0 to 1. */
  readonly jitter?: number;
  /** Another seed, another variation. */
  readonly seed?: number;
  /** Where the addresses of tasks come from. */
  readonly addressRange?: string;
  /** The machines that it pretends to run tasks on. */
  readonly machines?: readonly Machine[];
  /** What tasks have written, where it is to outlive this compute. */
  readonly output?: OutputLog;
}

/** Large enough for most tests of placement. */
const simulatedMachine: Machine = {
  id: 'simulated',
  privateIpv4Address: '10.0.0.1',
  cpuUnits: 16 * 1024,
  memoryMiB: 64 * 1024,
  cpuArchitecture: 'x86_64',
  dockerVersion: 'simulated',
  logDrivers: ['fluentd', 'gelf', 'journald', 'splunk', 'syslog'],
  volumeDrivers: ['local'],
  securityModules: [],
  attachesVolumes: true,
  servesRoles: true,
};

const defaultAddressRange = '10.128.0.0/9';

/** A turn of the event loop advances no more tasks than this; the others wait a millisecond. */
const tasksPerTurn = 100;
/** To read a record is much less work than to advance a task. */
const recordsPerTurn = 1000;

type Stage = 'starting' | 'running' | 'stopping';

/** A task that compute knows and that has not been released. */
interface Entry {
  life: TaskLife;
  stage: Stage;
  /** Absent for a task that just runs: nothing will happen to it by itself. */
  timer: Timer | undefined;
  isQueued: boolean;
}

/** A task that is over; it is remembered so that late orders find it done. */
const released = 'released';

/**
 * The entrance to this folder: compute without containers. Tasks live as their definitions script
 * it (see container-script.ts), for tests of the API and of scale.
 */
export class SimulatedCompute implements Compute {
  readonly kind = 'simulated';
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #addresses: AddressPool;
  readonly #tasks = new Map<TaskArn, Entry | typeof released>();
  readonly #machines: readonly Machine[];
  readonly #scripts = new WeakMap<TaskDefinition, TaskScript>();
  readonly #output: OutputLog;
  readonly #proxies = new Map<string, ProxyConfig>();
  /** By cluster and group. */
  readonly #usage = new Map<string, ScriptedUsage>();
  #counts: Record<Stage, number> = { starting: 0, running: 0, stopping: 0 };
  #queue: Entry[] = [];
  #turn: Timer | undefined;
  #report: ((reports: TaskReports) => void) | undefined;

  constructor(options: SimulatedComputeOptions) {
    const { clock, delays, jitter = 0, seed = 0, addressRange = defaultAddressRange } = options;
    this.#clock = clock;
    this.#output = options.output ?? new OutputLog();
    this.#pace = { delays: { ...defaultDelays, ...delays }, jitter, seed };
    this.#addresses = new AddressPool(addressRange);
    this.#machines = options.machines ?? [simulatedMachine];
  }

  async open(orders: readonly TaskOrder[], report: (reports: TaskReports) => void): Promise<void> {
    this.#report = report;
    // All addresses in use are known before a new one is given out.
    await inTurns(orders, recordsPerTurn, ({ task }) => {
      const address = task.networkInterface?.address;
      if (address) this.#addresses.reserve(address.privateIpv4Address);
    });
    await inTurns(orders, recordsPerTurn, (order) => this.#adopt(order));
    // What ended while nobody looked is told before anybody decides by what there is.
    await inTurns(this.#queue.splice(0), tasksPerTurn, (entry) => this.#advance(entry));
  }

  start(order: TaskOrder): void {
    if (this.#report) this.#adopt(order);
  }

  stop(order: TaskOrder): void {
    if (!this.#report) return;
    const entry = this.#adopt(order);
    if (entry === released || entry.stage === 'stopping') return;
    this.#setStage(entry, 'stopping');
    this.#enqueue(entry);
  }

  output(query: OutputQuery): AsyncIterable<OutputLine> {
    return this.#output.read(query, () => this.#mayWrite(query));
  }

  async forget(taskArn: TaskArn): Promise<void> {
    this.#output.forget(taskArn);
    if (this.#tasks.get(taskArn) === released) this.#tasks.delete(taskArn);
  }

  async configureProxy(taskArn: TaskArn, config: ProxyConfig): Promise<boolean> {
    const known = this.#tasks.get(taskArn);
    if (!known || known === released) return false;
    this.#proxies.set(taskArn, config);
    return true;
  }

  /** What the proxy of a task knows; undefined where there is none, or it has been told nothing. */
  proxyConfig(taskArn: string): ProxyConfig | undefined {
    return this.#proxies.get(taskArn);
  }

  async usageOf({ task, taskDefinition }: TaskOrder): Promise<TaskUsage> {
    const scripted = this.#usage.get(`${task.clusterArn} ${task.group}`);
    if (!scripted || !this.#tasks.has(task.arn)) return {};
    const { cpuUnits, memoryMiB } = requirementsOf(taskDefinition.content, task.overrides);
    const { cpu, memory } = scripted;
    return present({
      cpuUnits: cpu === undefined ? undefined : (cpu * cpuUnits) / 100,
      memoryMiB: memory === undefined ? undefined : (memory * memoryMiB) / 100,
    });
  }

  scriptUsage(clusterArn: ClusterArn, group: string, usage: ScriptedUsage): void {
    this.#usage.set(`${clusterArn} ${group}`, usage);
  }

  machines(): readonly Machine[] {
    return this.#report ? this.#machines : [];
  }

  /** They are there all the time. */
  onMachinesChanged(): void {}

  async close(): Promise<void> {
    this.#report = undefined;
    this.#turn?.cancel();
    for (const entry of this.#tasks.values()) if (entry !== released) entry.timer?.cancel();
    this.#tasks.clear();
    this.#counts = { starting: 0, running: 0, stopping: 0 };
    this.#queue = [];
    this.#output.wakeReaders();
  }

  health(): ComputeHealth {
    return {
      available: this.#report !== undefined,
      queuedStarts: this.#counts.starting,
      queuedStops: this.#counts.stopping,
    };
  }

  /** Takes a task over where its record says that it stands, unless it is known already. */
  #adopt({ task, taskDefinition }: TaskOrder): Entry | typeof released {
    const known = this.#tasks.get(task.arn);
    if (known) return known;
    const life = lifeOf({
      task,
      script: task.serviceConnect
        ? withProxy(this.#scriptOf(taskDefinition), task.serviceConnect)
        : this.#scriptOf(taskDefinition),
      address:
        taskDefinition.content.networkMode === 'awsvpc'
          ? this.#addressOf(task.networkInterface?.address)
          : undefined,
      pace: this.#pace,
      now: this.#clock.now(),
    });
    const entry: Entry = { life, stage: stageOf(life), timer: undefined, isQueued: false };
    this.#counts[entry.stage] += 1;
    this.#tasks.set(task.arn, entry);
    this.#writeAdopted(life);
    if (entry.stage !== 'running' || nextEventAt(life) !== undefined) this.#enqueue(entry);
    return entry;
  }

  #scriptOf(definition: TaskDefinition): TaskScript {
    const script = this.#scripts.get(definition) ?? taskScriptOf(definition);
    this.#scripts.set(definition, script);
    return script;
  }

  #addressOf(before: { readonly privateIpv4Address: string } | undefined): string {
    if (!before) return this.#addresses.take();
    this.#addresses.reserve(before.privateIpv4Address);
    return before.privateIpv4Address;
  }

  #enqueue(entry: Entry): void {
    if (entry.isQueued) return;
    entry.isQueued = true;
    this.#queue.push(entry);
    this.#turn ??= this.#clock.at(this.#clock.now(), () => this.#takeTurn());
  }

  #takeTurn(): void {
    const entries = this.#queue.splice(0, tasksPerTurn);
    // In a millisecond, and not now: the clock calls back for all that is due in one turn.
    this.#turn =
      this.#queue.length === 0
        ? undefined
        : this.#clock.at(this.#clock.now() + 1, () => this.#takeTurn());
    for (const entry of entries) this.#advance(entry);
  }

  #advance(entry: Entry): void {
    entry.isQueued = false;
    entry.timer?.cancel();
    const { stage } = entry;
    const advance = advanceLife(entry.life, {
      now: this.#clock.now(),
      pace: this.#pace,
      isToldToStop: stage === 'stopping',
    });
    const { life, reports } = advance;
    entry.life = life;
    this.#writeOutput(advance);
    if (life.phase === 'released') {
      this.#release(entry);
    } else {
      this.#setStage(entry, stageOf(life));
      const at = nextEventAt(life);
      entry.timer = at === undefined ? undefined : this.#clock.at(at, () => this.#enqueue(entry));
    }
    if (reports.length > 0) this.#report?.({ taskArn: life.arn, reports });
  }

  #release({ life, stage }: Entry): void {
    this.#counts[stage] -= 1;
    if (life.address !== undefined) this.#addresses.release(life.address);
    this.#proxies.delete(life.arn);
    this.#tasks.set(life.arn, released);
  }

  #setStage(entry: Entry, stage: Stage): void {
    this.#counts[entry.stage] -= 1;
    this.#counts[stage] += 1;
    entry.stage = stage;
  }

  /** What a task wrote is gone with the process that had it; where it is, it is written again. */
  #writeAdopted({ arn, script, containers }: TaskLife): void {
    for (const [i, { state }] of containers.entries()) {
      const name = script.orderings[i]?.name ?? '';
      if (state.phase !== 'running' || this.#output.has(arn, name)) continue;
      this.#write({ arn, script }, i, state.startedAt);
    }
  }

  #writeOutput({ life, reports, processStarts }: Advance): void {
    for (const { container, at } of processStarts) {
      const index = life.script.orderings.findIndex(({ name }) => name === container);
      this.#write(life, index, at);
    }
    for (const report of reports) {
      if (report.kind === 'ContainerStopped') this.#output.end(life.arn, report.container);
    }
  }

  #write({ arn, script }: Pick<TaskLife, 'arn' | 'script'>, index: number, at: number): void {
    const { output = [] } = script.containers[index] ?? {};
    const container = script.orderings[index]?.name;
    if (container === undefined || output.length === 0) return;
    const lines = output.map((text): OutputLine => ({ at, stream: 'stdout', text }));
    this.#output.write(arn, container, lines);
  }

  #mayWrite({ task, container }: OutputQuery): boolean {
    const entry = this.#tasks.get(task.arn);
    if (!entry || entry === released) return false;
    const { script, containers } = entry.life;
    const index = script.orderings.findIndex(({ name }) => name === container);
    const life = containers[index];
    return life !== undefined && life.state.phase !== 'ended';
  }
}

function stageOf({ goal, phase, containers }: TaskLife): Stage {
  if (goal === 'stopped') return 'stopping';
  if (goal === 'halted') return 'running';
  const steady = containers.every(
    ({ state }) => state.phase === 'running' || state.phase === 'ended',
  );
  return phase === 'containers' && steady ? 'running' : 'starting';
}

async function inTurns<Item>(
  items: readonly Item[],
  perTurn: number,
  take: (item: Item) => void,
): Promise<void> {
  for (let from = 0; from < items.length; from += perTurn) {
    if (from > 0) await nextTurn();
    for (const item of items.slice(from, from + perTurn)) take(item);
  }
}
