import type { Compute } from '../compute/compute.ts';
import { Gate } from '../support/gate.ts';
import { lastPathElement, type TaskArn } from '../domain/arn.ts';
import type { Instant } from '../domain/instant.ts';
import { membershipOf } from '../domain/service-connect/membership.ts';
import type { ProxyConfig, ProxyEndpoint } from '../domain/service-connect/proxy-config.ts';
import { proxyConfigOf } from '../domain/service-connect/proxy-config-of.ts';
import type { ServiceConnect } from '../domain/service-connect/service-connect.ts';
import type { Task } from '../domain/task/task.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { isOnOwnCompute } from './task-controller.ts';

export interface ProxyControllerParts {
  readonly state: State;
  readonly clock: Clock;
  readonly compute: Pick<Compute, 'configureProxy'>;
}

/** Each is a file that is written into a container. */
const toldAtATime = 4;
/** A proxy that cannot be told now, such as one on an Engine that is away, is told again after this. */
const tellAgainMs = 250;

/** What a proxy was told last in this process, and when. */
interface Told {
  readonly text: string;
  readonly at: Instant;
  /** The tasks that it calls, by their ids. */
  readonly members: ReadonlySet<string>;
}

interface Wanted {
  readonly config: ProxyConfig;
  /** When somebody's health will have been awaited for long enough. */
  readonly changesAt: Instant | undefined;
}

/**
 * Keeps what each proxy of Service Connect on own compute knows equal to what it is to know. Its keys are the tasks that have one: a
 * change of a task concerns those that can call it.
 */
export class ProxyController implements Controller {
  readonly name = 'service-connect';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #compute: ProxyControllerParts['compute'];
  readonly #telling = new Gate(toldAtATime);
  readonly #told = new Map<string, Told>();
  /** Where callers find tasks that have run, as of their last changes. */
  readonly #places = new Map<string, string>();

  constructor({ state, clock, compute }: ProxyControllerParts) {
    this.#state = state;
    this.#clock = clock;
    this.#compute = compute;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    if (kind !== 'task') return [];
    const task = this.#state.read.tasks.find(key);
    if (!task) this.#places.delete(key);
    if (!task?.serviceConnect) return [];
    // Callers may be many, and most of what happens to a task does not concern them.
    if (!this.#hasMoved(task)) return [key];
    return [key, ...this.#callersOf(task).map(({ arn }) => arn)];
  }

  *allKeys(): Iterable<string> {
    for (const { arn, serviceConnect } of this.#state.read.tasks.live()) {
      if (serviceConnect) yield arn;
    }
  }

  reconcile(key: string): Next | Promise<Next> {
    const task = this.#state.read.tasks.find(key);
    const setting = task && this.#settingOf(task);
    if (!setting) {
      this.#told.delete(key);
      return settled;
    }
    const { config, changesAt } = this.#wanted(setting);
    if (this.#told.get(key)?.text !== JSON.stringify(config)) return this.#tell(task.arn, setting);
    return changesAt === undefined ? settled : lookAgain(changesAt);
  }

  /**
   * When the last of those that can call a task, which is to stop, was told that it is gone; undefined while one has yet to
   * be. Nobody at all is as good as long ago.
   */
  goneSince(task: Task): Instant | undefined {
    const { arn, stoppingAt = 0 } = task;
    const taskId = lastPathElement(arn);
    let since = 0;
    for (const caller of this.#callersOf(task)) {
      if (caller.arn === arn || !this.#settingOf(caller)) continue;
      const told = this.#told.get(caller.arn);
      if (!told || told.members.has(taskId)) return undefined;
      if (told.at >= stoppingAt) since = Math.max(since, told.at);
    }
    return since;
  }

  /** Undefined for a task without a proxy that is told by us. */
  #settingOf(task: Task): ServiceConnect | undefined {
    if (!this.#compute.configureProxy || task.lastStatus === 'STOPPED') return undefined;
    return isOnOwnCompute(this.#state, task) ? task.serviceConnect?.setting : undefined;
  }

  /** Whether callers may find a task elsewhere than when it changed last. Nobody has been sent to one that never ran. */
  #hasMoved(task: Task): boolean {
    if (!task.serviceConnect || task.startedAt === undefined) return false;
    const before = this.#places.get(task.arn);
    const place = this.#placeOf(task, task.serviceConnect.setting);
    this.#places.set(task.arn, place);
    return place !== before;
  }

  #placeOf(task: Task, { endpoints }: ServiceConnect): string {
    const definition = this.#state.read.taskDefinitions.findByArn(task.taskDefinitionArn);
    const now = this.#clock.now();
    return JSON.stringify(
      endpoints.map(({ discoveryArn }) => membershipOf(task, definition, discoveryArn, now)),
    );
  }

  #callersOf({ serviceConnect }: Task): readonly Task[] {
    const { tasks } = this.#state.read;
    const endpoints = serviceConnect?.setting.endpoints ?? [];
    const callers = endpoints.flatMap(({ discoveryArn }) => [
      ...tasks.reachingEndpoint(discoveryArn),
    ]);
    return [...new Set(callers)];
  }

  /** What has come meanwhile is in what is told, and not one change after the other. */
  #tell(taskArn: TaskArn, setting: ServiceConnect): Promise<Next> {
    return this.#telling.run(async () => {
      const { config, changesAt } = this.#wanted(setting);
      const isTold = await this.#compute.configureProxy?.(taskArn, config);
      const now = this.#clock.now();
      if (!isTold) return lookAgain(now + tellAgainMs);
      const endpoints = config.egress.flatMap((egress) => egress.endpoints);
      const members = new Set(endpoints.map(({ id }) => id));
      this.#told.set(taskArn, { text: JSON.stringify(config), at: now, members });
      return changesAt === undefined ? settled : lookAgain(changesAt);
    });
  }

  #wanted(setting: ServiceConnect): Wanted {
    const { tasks, taskDefinitions } = this.#state.read;
    const now = this.#clock.now();
    let changesAt: Instant | undefined;
    const membersOf = (discoveryArn: string): readonly ProxyEndpoint[] =>
      [...tasks.behindEndpoint(discoveryArn)].flatMap((task) => {
        const definition = taskDefinitions.findByArn(task.taskDefinitionArn);
        const membership = membershipOf(task, definition, discoveryArn, now);
        if (membership.kind === 'In') return [membership.endpoint];
        if (membership.kind === 'Waits') {
          changesAt = Math.min(changesAt ?? Infinity, membership.until);
        }
        return [];
      });
    return { config: proxyConfigOf(setting, membersOf), changesAt };
  }
}
