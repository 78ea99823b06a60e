import { definitionOfTask } from '../state/definition-of-task.ts';
import type { TaskArn } from '../domain/arn.ts';
import { present } from '../domain/present.ts';
import { allContainers } from '../domain/service-connect/proxy-container.ts';
import { runtimeIdOf } from '../domain/task/runtime-id.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import type { Task } from '../domain/task/task.ts';
import type { TaskFacts } from '../compute/task-facts.ts';
import type { State } from '../state/state.ts';
import { containerMetadata, type ContainerSubject } from './container-metadata.ts';
import {
  ok,
  statsUnavailable,
  unknownAddress,
  unknownContainer,
  unknownTask,
  type Reply,
} from './reply.ts';
import type { MetadataRoute, MetadataVersion } from './route.ts';
import { taskMetadata } from './task-metadata.ts';

export interface MetadataParts {
  readonly state: State;
  readonly facts: TaskFacts;
}

/** A task that a container may be told of, and the container, where the id named one. */
export interface FoundTask {
  readonly task: Task;
  readonly taskDefinition: TaskDefinition;
  readonly container: string | undefined;
}

/** Answers what containers ask about themselves. */
export class Metadata {
  readonly #state: State;
  readonly #facts: TaskFacts;

  constructor({ state, facts }: MetadataParts) {
    this.#state = state;
    this.#facts = facts;
  }

  /** The task of the container with the id, for whoever asks from that address. */
  find(endpointId: string, address: string): FoundTask | undefined {
    const owner = this.#facts.ownerOf(endpointId);
    const found = owner && this.ofTask(owner.taskArn, address);
    return found && { ...found, container: owner.container };
  }

  /** The task, where it has no address of its own or the address is that. */
  ofTask(taskArn: TaskArn, address: string): FoundTask | undefined {
    const { read } = this.#state;
    const task = read.tasks.findByArn(taskArn);
    const taskDefinition = task && definitionOfTask(read, task);
    if (!taskDefinition) return undefined;
    if (!this.#mayAsk(task, address)) return undefined;
    return { task, taskDefinition, container: undefined };
  }

  /** The machine itself may ask: where containers are not reached by address, all come from there. */
  #mayAsk({ arn, networkInterface }: Task, address: string): boolean {
    const asking = this.#facts.taskAt(address);
    if (asking !== undefined) return asking === arn;
    return networkInterface === undefined || address === '::1' || address.startsWith('127.');
  }

  async answer(route: MetadataRoute, address: string): Promise<Reply> {
    const found = this.#find(route, address);
    const isOfContainer = route.of === 'container' || route.of === 'stats';
    if (!found || (isOfContainer && found.container === undefined)) return refused(route, address);
    switch (route.of) {
      case 'container':
        return this.#answerContainer(found, route);
      case 'task':
      case 'taskWithTags':
        return this.#answerTask(found, route);
      case 'stats':
        return this.#answerStats(found);
      case 'taskStats':
        return this.#answerTaskStats(found);
    }
  }

  #find({ endpointId, container }: MetadataRoute, address: string): FoundTask | undefined {
    if (endpointId !== undefined) return this.find(endpointId, address);
    const taskArn = this.#facts.taskAt(address);
    const found = taskArn && this.ofTask(taskArn, address);
    if (!found || container === undefined) return found;
    const { task } = found;
    const named = task.containers.find((one) => runtimeIdOf(task, one) === container);
    return { ...found, container: named?.name };
  }

  async #answerContainer(found: FoundTask, { version }: MetadataRoute): Promise<Reply> {
    const subjects = await this.#subjects(found);
    const subject = subjects.find(({ container }) => container.name === found.container);
    if (!subject?.facts) return { status: 500, body: 'failed to get container metadata' };
    return ok(containerMetadata(subject, version));
  }

  async #answerTask(found: FoundTask, { version, of }: MetadataRoute): Promise<Reply> {
    const { task, taskDefinition } = found;
    const { containerInstances } = this.#state.read;
    const instance =
      task.containerInstanceArn === undefined
        ? undefined
        : containerInstances.find(task.containerInstanceArn);
    const containers = await this.#subjects(found);
    const instanceTags = instance?.tags ?? [];
    const host = await this.#hostFacts(task, version);
    const subject = { task, taskDefinition, containers, instanceTags, ...host };
    return ok(taskMetadata(subject, { version, withTags: of === 'taskWithTags' }));
  }

  /** What Fargate tells of itself. */
  async #hostFacts({ arn, launchType }: Task, version: MetadataVersion) {
    if (version !== 4 || launchType !== 'FARGATE') return {};
    const [storageUse, clock] = await Promise.all([
      this.#facts.storageUse(arn),
      this.#facts.clock(),
    ]);
    return present({ storageUse, clock });
  }

  async #subjects({ task, taskDefinition }: FoundTask): Promise<readonly ContainerSubject[]> {
    const network = await this.#facts.network();
    const definitions = allContainers(taskDefinition.content, task);
    const subjects = definitions.map(async (definition) => {
      const container = task.containers.find(({ name }) => name === definition.name);
      if (!container) return [];
      const ref = { taskArn: task.arn, container: container.name };
      return [{ task, container, definition, facts: await this.#facts.inspect(ref), network }];
    });
    return (await Promise.all(subjects)).flat();
  }

  async #answerStats({ task, container = '' }: FoundTask): Promise<Reply> {
    const stats = await this.#facts.stats({ taskArn: task.arn, container });
    return stats ? ok(stats) : statsUnavailable(container);
  }

  async #answerTaskStats({ task }: FoundTask): Promise<Reply> {
    const all = task.containers.map(async (container) => {
      const stats = await this.#facts.stats({ taskArn: task.arn, container: container.name });
      return [runtimeIdOf(task, container) ?? container.name, stats ?? null] as const;
    });
    return ok(Object.fromEntries(await Promise.all(all)));
  }
}

function refused({ version, endpointId, of }: MetadataRoute, address: string): Reply {
  if (endpointId === undefined) return unknownAddress(address);
  const refuse = of === 'container' || of === 'stats' ? unknownContainer : unknownTask;
  const subject = of === 'stats' || of === 'taskStats' ? 'stats' : 'metadata';
  return refuse(version, endpointId, subject);
}
