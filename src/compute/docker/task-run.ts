import type { Instant } from '../../domain/instant.ts';
import type { TaskReport } from '../../domain/task/report.ts';
import { isToStop } from '../../domain/task/stop-task.ts';
import type { HealthStatus } from '../../domain/task/task.ts';
import type { TaskOrder } from '../compute.ts';
import { createContainer, release } from './container-calls.ts';
import {
  creationFailure,
  endContainer,
  explainKill,
  nothing,
  refusal,
  retryMs,
  type Effect,
} from './container-effects.ts';
import { killedExitCode, TaskContainers } from './task-containers.ts';
import { containerSpecs, taskIdOf, type ContainerSpec } from './container-spec.ts';
import { EngineError } from './engine.ts';
import {
  allEnded,
  hasRun,
  planContainers,
  type ContainerAction,
  type ContainerState,
  type TaskGoal,
  type Unstartable,
} from '../plan-containers.ts';
import { containerBindings } from './network/container-bindings.ts';
import { networkOf } from './network/task-network.ts';
import { ReportQueue } from './report-queue.ts';
import { StartUp, type FoundPause, type FoundTask } from './start-up.ts';
import { networkEndedReason, startFailureReason, StartUpFailure } from './start-up-failure.ts';
import { delay } from './delay.ts';
import type { TaskHost } from './task-host.ts';

/**
 * One task on its Engine. All that happens (an order, an event, an answer) changes what is known of
 * its containers and then asks the plan for the next moves, so it does not matter what comes first.
 */
export class TaskRun {
  readonly order: TaskOrder;
  readonly taskId: string;
  readonly #host: TaskHost;
  readonly #containers: TaskContainers;
  readonly #reports: ReportQueue;
  #goal: TaskGoal;
  #startUp: StartUp | undefined;
  #starting: Promise<void> | undefined;
  #mayStart = false;
  #isConnected: boolean;
  /** The network is gone for good: what runs is stopped, as the ECS agent does. */
  #hasLostNetwork = false;
  #releasing = false;
  /** Rises when the Engine is looked at anew: answers to what was asked before then tell nothing. */
  #generation = 0;
  #untilStop = new AbortController();
  #lookAgain: { cancel(): void } | undefined;

  constructor(order: TaskOrder, host: TaskHost) {
    this.order = order;
    this.taskId = taskIdOf(order);
    this.#host = host;
    this.#goal = isToStop(order.task) ? 'stopped' : 'running';
    this.#reports = new ReportQueue((reports) => host.report(order.task.arn, reports));
    this.#isConnected = order.task.connectivityAt !== undefined;
    this.#containers = new TaskContainers({
      task: order.task,
      specs: containerSpecs(order),
      now: () => host.clock.now(),
      report: (...reports) => this.#report(...reports),
      ran: (spec, containerId) => host.follow(this, spec, containerId),
      imageOf: ({ name }) => this.#startUp?.image(name),
      reportLater: (reports) => this.#reports.addLater(reports),
      bindings: (spec, id) =>
        containerBindings(host, { order, spec, id, pause: this.#startUp?.pause }),
    });
  }

  /** The container that has the task's network. */
  get pauseId(): string | undefined {
    return this.#startUp?.pauseId;
  }

  /** What is known of the task's containers. */
  get containers(): TaskContainers {
    return this.#containers;
  }

  stop(): void {
    if (this.#goal === 'stopped') return;
    this.#goal = 'stopped';
    this.#untilStop.abort(new Error('The task stops.'));
    this.#startUp?.cutShort();
    if (this.#host.isAvailable) this.#connectBeforeStop();
    this.advance();
  }

  /** A task that was never connected is connected before it is released, as on ECS. */
  #connectBeforeStop(): void {
    if (this.#isConnected || this.#starting || this.#startUp?.pauseId !== undefined) return;
    this.#startUp = this.#newStartUp(undefined);
    this.#startUp.cutShort();
    this.#begin(this.#startUp);
  }

  /**
   * The pause container has ended. The ECS agent has it as an essential container of the task, so the others are
   * stopped, and that is why the task stops. One that has not got as far has nothing to run in.
   */
  networkEnded(): void {
    if (this.#goal === 'stopped' || this.#hasLostNetwork) return;
    const { log } = this.#host;
    log.warn({ taskArn: this.order.task.arn }, 'The network namespace of a task has ended.');
    this.#startUp?.abandon();
    if (this.#hasRun) this.#hasLostNetwork = true;
    else this.#failTask(networkEndedReason);
    this.advance();
  }

  get #hasRun(): boolean {
    return [...this.#containers.states.values()].some(hasRun);
  }

  /** Takes what the Engine has for the truth and goes on from there. */
  async resume(found: FoundTask): Promise<void> {
    this.#generation++;
    this.#startUp?.abandon();
    await this.#starting;
    this.adopt(found);
  }

  /** Begins with what there is. */
  adopt(found: FoundTask): void {
    this.#releasing = false;
    this.#mayStart = false;
    this.#startUp = this.#newStartUp(found.pause);
    this.#containers.observe(found.containers);
    for (const [name, id] of this.#containers.ids) this.#host.watch(id, this, name);
    if (found.pause) this.#host.watch(found.pause.id, this);
    const hasNamespace = networkOf(this.order).isShared;
    if (hasNamespace && this.#hasRun && !found.pause?.isRunning) this.#hasLostNetwork = true;
    if (!this.#needsStartUp) return;
    if (this.#goal === 'stopped') this.#startUp.cutShort();
    this.#begin(this.#startUp);
  }

  /** Whether containers have yet to be started, or the task to be connected before its end. */
  get #needsStartUp(): boolean {
    if (this.#goal === 'stopped') return !this.#isConnected && !this.#hasRun;
    if (this.#goal === 'halted' || this.#hasLostNetwork) return false;
    const phases = [...this.#containers.states.values()].map(({ phase }) => phase);
    return phases.includes('absent') || phases.includes('created');
  }

  /** Resolves when all that is known by now has been reported. */
  async told(): Promise<void> {
    await this.#reports.delivered();
  }

  /** Answers and timers change nothing any more. */
  letGo(): void {
    this.#generation++;
    this.#untilStop.abort(new Error('The compute is closed.'));
    this.#startUp?.abandon();
    this.#lookAgain?.cancel();
    this.#containers.wake();
  }

  started(container: string, at: Instant): void {
    const { phase } = this.#containers.state(container);
    if (phase !== 'starting' && phase !== 'restarting') return;
    this.#containers.started(container, at);
    this.advance();
  }

  died(container: string, at: Instant, exitCode: number): void {
    const state = this.#containers.state(container);
    if (state.phase !== 'running' && state.phase !== 'stopping') return;
    // An exit from before the latest start is old news.
    if (at < state.startedAt) return;
    const exit = { phase: 'exited', startedAt: state.startedAt, at, exitCode } as const;
    const isUnexplained = exitCode === killedExitCode && state.phase === 'running';
    if (isUnexplained && !this.#containers.isKnownOutOfMemory(container)) {
      this.#tend(explainKill(this.#host, this.#containers, { container, exit }));
      return;
    }
    this.#containers.set(container, exit);
    this.advance();
  }

  ranOutOfMemory(container: string): void {
    this.#containers.ranOutOfMemory(container);
  }

  healthChanged(container: string, healthStatus: HealthStatus): void {
    this.#containers.healthChanged(container, healthStatus);
    this.advance();
  }

  /** Does what the plan says until it says nothing more. */
  advance(): void {
    if (!this.#host.isAvailable || this.#releasing) return;
    this.#lookAgain?.cancel();
    const orderings = this.#containers.specs.map(({ ordering }) => ordering);
    for (;;) {
      const goal = this.#hasLostNetwork ? 'stopped' : this.#goal;
      const observed = { orderings, states: this.#containers.states, goal };
      const plan = planContainers(observed, this.#host.clock.now());
      const possible = plan.actions.filter((action) => this.#isPossible(action));
      for (const action of possible) this.#perform(action);
      if (possible.length > 0) continue;
      if (plan.lookAgainAt !== undefined) {
        this.#lookAgain = this.#host.clock.at(plan.lookAgainAt, () => this.advance());
      }
      const isOver = this.#goal === 'stopped' && allEnded(observed) && !this.#starting;
      if (isOver) this.#tend(this.#release());
      return;
    }
  }

  #newStartUp(found: FoundPause | undefined): StartUp {
    const generation = this.#generation;
    const isCurrent = () => generation === this.#generation;
    return new StartUp({
      order: this.order,
      taskId: this.taskId,
      specs: this.#containers.specs,
      host: this.#host,
      found,
      report: (...reports) => {
        if (isCurrent()) this.#report(...reports);
      },
      identified: (pauseId) => {
        if (isCurrent()) this.#host.watch(pauseId, this);
      },
      progressed: () => {
        if (isCurrent()) this.advance();
      },
    });
  }

  #begin(startUp: StartUp): void {
    const isCurrent = () => startUp === this.#startUp;
    const settle = (outcome: () => void) => {
      this.#starting = undefined;
      if (isCurrent()) outcome();
      this.advance();
    };
    this.#starting = startUp.run().then(
      () => settle(() => (this.#mayStart = true)),
      (error: unknown) =>
        settle(() => {
          if (error instanceof StartUpFailure) this.#failStart(error);
          else if (!startUp.isAbandoned) this.#failed(error);
        }),
    );
  }

  #isPossible(action: ContainerAction): boolean {
    if (action.kind === 'Create') return this.#startUp?.mayCreate(action.container) === true;
    return action.kind === 'Start' ? this.#mayStart : true;
  }

  #perform(action: ContainerAction): void {
    const { container } = action;
    const spec = this.#containers.spec(container);
    const id = this.#containers.ids.get(container) ?? '';
    if (!spec) return;
    switch (action.kind) {
      case 'Create':
        this.#containers.set(container, { phase: 'creating' });
        return this.#tend(this.#create(spec));
      case 'Start':
        this.#containers.set(container, { phase: 'starting' });
        return this.#tend(this.#start(container, id, { phase: 'created' }));
      case 'Restart': {
        const exited = this.#containers.state(container);
        if (exited.phase !== 'exited') return;
        this.#containers.set(container, { phase: 'restarting', startedAt: exited.startedAt });
        return this.#tend(this.#start(container, id, exited));
      }
      case 'Stop': {
        const state = this.#containers.state(container);
        if (state.phase !== 'running') return;
        this.#containers.outlivedShortage(container);
        this.#containers.set(container, { phase: 'stopping', startedAt: state.startedAt });
        const end = { container, timeoutSeconds: action.timeoutSeconds };
        return this.#tend(endContainer(this.#host, this.#containers, end));
      }
      case 'End':
        return this.#containers.end(container);
      case 'Abandon':
        return this.#abandon(container, action.cause);
    }
  }

  async #create(spec: ContainerSpec): Promise<Effect> {
    const { name } = spec;
    if (!this.#startUp) return nothing;
    try {
      const id = await createContainer(this.#host, this.order, spec, this.#startUp);
      return () => {
        this.#host.watch(id, this, name);
        this.#containers.created(name, id);
      };
    } catch (error) {
      const reason = creationFailure(error);
      return () => this.#failContainer(name, reason);
    }
  }

  /** That it has started is told by the Engine's event, not by the answer. */
  async #start(container: string, id: string, before: ContainerState): Promise<Effect> {
    const { signal } = this.#untilStop;
    try {
      await this.#host.starts.run(() => this.#host.engine.startContainer(id), signal);
      return nothing;
    } catch (error) {
      if (signal.aborted && error === signal.reason)
        return () => this.#containers.set(container, before);
      const words = refusal(error);
      return () => {
        const { phase } = this.#containers.state(container);
        if (phase !== 'starting' && phase !== 'restarting') return;
        this.#failContainer(container, `CannotStartContainerError: ${words}`);
      };
    }
  }

  #abandon(container: string, cause: Unstartable | undefined): void {
    if (cause?.failsTask) this.#failTask('Task failed to start');
    this.#containers.endWithoutExit(container, cause?.reason);
  }

  #failContainer(container: string, words: string): void {
    const reason = this.#startUp?.conceal(words) ?? words;
    const isEssential = this.#containers.spec(container)?.ordering.essential;
    if (isEssential) this.#failTask(startFailureReason(this.order, reason));
    this.#containers.endWithoutExit(container, reason);
  }

  #failStart({ message, image }: StartUpFailure): void {
    this.#failTask(startFailureReason(this.order, message));
    if (this.order.task.launchType !== 'FARGATE') this.#containers.cannotStart(message, image);
  }

  /** Nothing more is started; what runs goes on until the order to stop. */
  #failTask(reason: string): void {
    if (this.#goal !== 'running') return;
    this.#goal = 'halted';
    this.#report({ kind: 'StartFailed', reason, at: this.#host.clock.now() });
  }

  async #release(): Promise<Effect> {
    this.#releasing = true;
    try {
      await release(this.#host, {
        order: this.order,
        containers: this.#containers.left,
        pauseId: this.#startUp?.pauseId,
      });
      return () => {
        this.#host.released(this);
        this.#report({ kind: 'Released', at: this.#host.clock.now() });
        this.#containers.wake();
      };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const { clock, log } = this.#host;
      log.warn({ error, taskArn: this.order.task.arn }, 'A task could not be removed yet.');
      await delay(clock, retryMs);
      return () => (this.#releasing = false);
    }
  }

  #report(...reports: readonly TaskReport[]): void {
    this.#isConnected ||= reports.some(({ kind }) => kind === 'Connected');
    this.#reports.add(reports);
  }

  /** Sees to work outside: what comes of it counts unless the Engine was looked at anew meanwhile. */
  #tend(work: Promise<Effect>): void {
    const generation = this.#generation;
    work.then(
      (effect) => {
        if (generation !== this.#generation) return;
        effect();
        this.advance();
      },
      (error: unknown) => {
        if (generation === this.#generation) this.#failed(error);
      },
    );
  }

  /** Where a request did not come through, only a new look at the Engine tells what came of it. */
  #failed(error: unknown): void {
    this.#host.lost(error);
  }
}
