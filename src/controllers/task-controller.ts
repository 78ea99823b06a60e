import type { TaskOrder, TaskRunner } from '../compute/compute.ts';
import { Gate } from '../support/gate.ts';
import type { LastLines } from '../compute/last-lines.ts';
import type { Instant } from '../domain/instant.ts';
import { stopHeldUntil } from '../domain/service-connect/drain.ts';
import { planTask } from '../domain/task/plan-task.ts';
import { stoppingTask } from '../domain/task/stop-task.ts';
import type { Task } from '../domain/task/task.ts';
import { definitionOfTask } from '../state/definition-of-task.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { stoppedTaskRetentionMs } from './retention.ts';
import { keepTaskHistory } from './task-history.ts';

export interface TaskControllerParts {
  readonly state: State;
  /** What runs a task: that depends on where it was placed. */
  readonly runnerOf: (task: Task) => TaskRunner;
  /** What the containers of a stopped task wrote last. */
  readonly lastLines: (task: Task) => Promise<readonly LastLines[]>;
  /** When the last of those that call a task was told that it is to stop; undefined while one has yet to be. */
  readonly goneSince?: (task: Task) => Instant | undefined;
  readonly clock: Clock;
}

/** Each that is forgotten has the files of its output read. */
const forgottenAtATime = 8;

/** Brings each task to compute, ends it when it has come to its end, and forgets it in time. */
export class TaskController implements Controller {
  readonly name = 'task';
  readonly #state: State;
  readonly #runnerOf: (task: Task) => TaskRunner;
  readonly #lastLines: TaskControllerParts['lastLines'];
  readonly #goneSince: NonNullable<TaskControllerParts['goneSince']>;
  readonly #forgetting = new Gate(forgottenAtATime);
  readonly #clock: Clock;

  constructor({ state, runnerOf, lastLines, goneSince, clock }: TaskControllerParts) {
    this.#state = state;
    this.#goneSince = goneSince ?? (() => 0);
    this.#lastLines = lastLines;
    this.#runnerOf = runnerOf;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'task' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    for (const task of this.#state.read.tasks.values()) yield task.arn;
  }

  reconcile(key: string): Next | Promise<Next> {
    const task = this.#state.read.tasks.find(key);
    // What is not durable yet comes again with its commit.
    if (!task || !this.#state.isCommitted('task', key)) return settled;
    // What is still found in a registry is not forgotten before it has been deregistered.
    if (task.lastStatus === 'STOPPED') return task.registered ? settled : this.#retain(task);
    const action = planTask(task, this.#clock.now());
    switch (action.kind) {
      case 'None':
        break;
      case 'OrderStart':
        this.#runnerOf(task).start(orderOf(this.#state, task));
        if (action.giveUpAt !== undefined) return lookAgain(action.giveUpAt);
        break;
      case 'OrderStop':
        return this.#orderStop(task);
      case 'Stop':
        this.#state.transact((tx) => {
          tx.tasks.put(stoppingTask(task, action.cause, this.#clock.now()));
        });
    }
    return settled;
  }

  #orderStop(task: Task): Next {
    const order = orderOf(this.#state, task);
    const stopping = { task, content: order.taskDefinition.content };
    const heldUntil = stopHeldUntil(stopping, this.#goneSince(task), this.#clock.now());
    if (heldUntil !== undefined) return lookAgain(heldUntil);
    this.#runnerOf(task).stop(order);
    return settled;
  }

  #retain(task: Task): Next | Promise<Next> {
    const until = (task.stoppedAt ?? task.createdAt) + stoppedTaskRetentionMs;
    if (until > this.#clock.now()) return lookAgain(until);
    return this.#forgetting.run(() => this.#forget(task));
  }

  /** In an order in which a crash at any moment loses nothing of the task's history, and leaves nothing behind. */
  async #forget(task: Task): Promise<Next> {
    await keepTaskHistory(this.#state, task, await this.#lastLines(task));
    await this.#runnerOf(task).forget(task.arn);
    this.#state.transact((tx) => tx.tasks.delete(task));
    return settled;
  }
}

/** All that compute needs to know of a task. */
export function orderOf(state: State, task: Task): TaskOrder {
  const taskDefinition = definitionOfTask(state.read, task);
  if (!taskDefinition) {
    // A definition stays until no task uses it, so this is a bug and not a matter of timing.
    throw new Error(`The definition of task ${task.arn} is gone.`);
  }
  return { task, taskDefinition };
}

/**
 * Whether Longshore's own compute runs a task, and no agent: the task is on FARGATE, or on a machine of Longshore's own.
 * Once an instance is forgotten no agent has tasks of it.
 */
export function isOnOwnCompute({ read }: State, { containerInstanceArn: arn }: Task): boolean {
  if (arn === undefined) return true;
  const instance = read.containerInstances.findByArn(arn);
  return instance === undefined || instance.machineId !== undefined;
}

/** Orders for all tasks of our own compute that have not STOPPED: what it begins with. */
export function liveOrders(state: State): readonly TaskOrder[] {
  return [...state.read.tasks.live()]
    .filter((task) => isOnOwnCompute(state, task))
    .map((task) => orderOf(state, task));
}
