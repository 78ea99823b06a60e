import { env } from 'node:process';
import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { Acknowledged, brokenPromises } from './acknowledged.ts';
import { randomOf } from '../fixtures/random-of.ts';
import { aDefinition, aRun } from '../contract/requests.ts';
import { clientOf, newAccount, newFolder } from '../contract/server.ts';
import { ServerProcess } from './server-process.ts';

const kills = 20;
const writers = 8;
const seed = Number(env['LONGSHORE_TEST_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

test(
  `${kills} kills under load take back nothing that a client was told, seed ${seed}`,
  { timeout: 180_000 },
  async ({ onTestFinished }) => {
    const { folder, remove } = await newFolder();
    onTestFinished(remove);
    const accountId = newAccount();
    const told = new Acknowledged();
    const random = randomOf(seed);
    for (let kill = 0; kill < kills; kill += 1) {
      await using server = await ServerProcess.start(folder);
      const ecs = clientOf(server.url, accountId);
      expect(await brokenPromises(ecs, told), `after kill ${kill}`).toEqual([]);
      await ecs.createCluster();
      const load = new Load(ecs, told, kill);
      const writes = 1 + Math.trunc(random() * 80);
      await load.runUntil(writes, () => server.end('SIGKILL'));
      ecs.destroy();
    }
    await using server = await ServerProcess.start(folder);
    const ecs = clientOf(server.url, accountId);
    expect(await brokenPromises(ecs, told)).toEqual([]);
    ecs.destroy();
    expect(await server.end('SIGTERM')).toBe(0);
  },
);

/** Clients that write and read at the same time, until the server is no more. */
class Load {
  readonly #ecs: ECS;
  readonly #told: Acknowledged;
  readonly #life: number;
  #written = 0;
  #ended = false;

  constructor(ecs: ECS, told: Acknowledged, life: number) {
    this.#ecs = ecs;
    this.#told = told;
    this.#life = life;
  }

  /** Ends the server once so many writes are acknowledged, with others under way. */
  async runUntil(writes: number, end: () => Promise<unknown>): Promise<void> {
    const enough = Promise.withResolvers<void>();
    const noteWrite = (): void => {
      this.#written += 1;
      if (this.#written === writes) enough.resolve();
    };
    const clients = Array.from({ length: writers }, (_, writer) => this.#write(writer, noteWrite));
    const reader = this.#read();
    await Promise.race([enough.promise, Promise.all(clients)]);
    this.#ended = true;
    await end();
    await Promise.all([...clients, reader]);
  }

  async #write(writer: number, noteWrite: () => void): Promise<void> {
    await this.#untilTheEnd(async (turn) => {
      const name = `c-${this.#life}-${writer}-${turn}`;
      const steps = [
        () => this.#createCluster(name),
        () => this.#register(`family-${turn % 3}`, name),
        () => this.#runAndStop(name, noteWrite),
      ];
      for (const step of steps) {
        await step();
        noteWrite();
      }
    });
  }

  async #createCluster(clusterName: string): Promise<void> {
    const { cluster } = await this.#ecs.createCluster({ clusterName });
    const resourceArn = cluster?.clusterArn ?? '';
    this.#told.clusterArns.add(resourceArn);
    for (const value of ['1', '2']) {
      const before = this.#told.tags.get(resourceArn);
      this.#told.tags.set(resourceArn, { told: before?.told, tried: value });
      await this.#ecs.tagResource({ resourceArn, tags: [{ key: 'turn', value }] });
      this.#told.tags.set(resourceArn, { told: value, tried: value });
    }
  }

  async #register(family: string, image: string): Promise<void> {
    const containerDefinitions = [{ name: 'app', image }];
    const request = aDefinition({ family, containerDefinitions });
    const { taskDefinition } = await this.#ecs.registerTaskDefinition(request);
    this.#told.images.set(taskDefinition?.taskDefinitionArn ?? '', image);
  }

  async #runAndStop(reason: string, noteWrite: () => void): Promise<void> {
    const { tasks = [] } = await this.#ecs.runTask(aRun({ taskDefinition: 'family-0', count: 2 }));
    for (const task of tasks) this.#told.sawTask(task);
    noteWrite();
    const { task = {} } = await this.#ecs.stopTask({ task: tasks[0]?.taskArn, reason });
    this.#told.sawTask(task);
    this.#told.stopReasons.set(task.taskArn ?? '', reason);
  }

  /** Nobody acknowledged these to this client, but once it has seen them they must stay. */
  async #read(): Promise<void> {
    await this.#untilTheEnd(async () => {
      const { clusterArns = [] } = await this.#ecs.listClusters();
      for (const arn of clusterArns) this.#told.clusterArns.add(arn);
      const { taskArns = [] } = await this.#ecs.listTasks({});
      if (taskArns.length === 0) return;
      const { tasks = [] } = await this.#ecs.describeTasks({ tasks: taskArns });
      for (const task of tasks) this.#told.sawTask(task);
    });
  }

  /** A call that fails because the server was killed is the end; any other failure is one of the test. */
  async #untilTheEnd(take: (turn: number) => Promise<void>): Promise<void> {
    for (let turn = 0; ; turn += 1) {
      try {
        await take(turn);
      } catch (error) {
        if (this.#ended) return;
        throw error;
      }
    }
  }
}
