import assert from 'node:assert/strict';
import { setInterval } from 'node:timers/promises';
import type { CreateClusterRequest, ECS } from '@aws-sdk/client-ecs';
import { vi } from 'vitest';
import { Engine } from '../../../src/compute/docker/engine.ts';
import { localEngine } from '../../../src/config.ts';
import { installationLabel, labelKeys } from '../../../src/compute/docker/names.ts';
import { outputLines } from '../../../src/compute/docker/output-lines.ts';
import { installationId } from '../../../src/installation.ts';
import { aDefinition } from '../../contract/requests.ts';
import { clientOf, newAccount, newFolder } from '../../contract/server.ts';
import { ServerProcess } from '../../store/server-process.ts';
import { testImage } from './docker-world.ts';

/**
 * Serves a page with the name of the revision, and goes on serving for some seconds after SIGTERM, as
 * one does whose clients have yet to hear that it leaves. The page is in memory: no slow disk comes
 * between the start of a container and its first answer.
 */
const serve = [
  `trap 'sleep 4; exit 0' TERM`,
  'mkdir /dev/shm/www',
  'echo $0 > /dev/shm/www/index.html',
  'httpd -p 80 -h /dev/shm/www',
  'while :; do sleep 1 & wait; done',
].join('; ');

/** A server process over Docker with SQLite, which can be killed and started again, and its client. */
export class ServiceSite implements AsyncDisposable {
  readonly engine = new Engine(localEngine);
  readonly #folder: Awaited<ReturnType<typeof newFolder>>;
  readonly #label: string;
  readonly #accountId = newAccount();
  #server: ServerProcess;
  ecs: ECS;

  private constructor(folder: Awaited<ReturnType<typeof newFolder>>, server: ServerProcess) {
    this.#folder = folder;
    this.#label = installationLabel(installationId(folder.folder));
    this.#server = server;
    this.ecs = clientOf(server.url, this.#accountId);
  }

  static async open(cluster: CreateClusterRequest = {}): Promise<ServiceSite> {
    const folder = await newFolder();
    const site = new ServiceSite(
      folder,
      await ServerProcess.start(folder.folder, ['--compute', 'docker', '--task-endpoint', 'off']),
    );
    await site.ecs.createCluster(cluster);
    return site;
  }

  /**
   * Kills the server where it stands; another one goes on with what it finds.
   * @param meanwhile done while there is none
   */
  async killServer(meanwhile = async () => {}): Promise<void> {
    await this.#server.end('SIGKILL');
    await meanwhile();
    this.ecs.destroy();
    this.#server = await ServerProcess.start(this.#folder.folder, [
      '--compute',
      'docker',
      '--task-endpoint',
      'off',
    ]);
    this.ecs = clientOf(this.#server.url, this.#accountId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ecs.destroy();
    await this.#server[Symbol.asyncDispose]();
    const left = async () => this.engine.listContainers(this.#label);
    for (const { Id } of await left()) await this.engine.removeContainer(Id);
    await vi.waitUntil(async () => (await left()).length === 0, { timeout: 20_000 });
    await this.#folder.remove();
  }

  /** What a container has written so far. */
  async linesOf(id: string): Promise<readonly string[]> {
    const { signal } = new AbortController();
    const lines: string[] = [];
    for await (const { text } of outputLines(
      await this.engine.logs(id, { follow: false, signal }),
    )) {
      lines.push(text);
    }
    return lines;
  }

  /** Registers a revision of `web` that serves its name. */
  async registerPage(name: string): Promise<void> {
    await this.#register(['sh', '-c', serve, name]);
  }

  /** Registers a revision of `web` that ends as soon as it has begun. */
  async registerCrash(): Promise<void> {
    await this.#register(['sh', '-c', 'exit 1']);
  }

  async #register(command: string[]): Promise<void> {
    const app = { name: 'app', image: testImage, command, stopTimeout: 10 };
    await this.ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  }

  /** The containers of tasks that run now, as the Docker Engine has them, by the address of the task. */
  async apps(): Promise<ReadonlyMap<string, string>> {
    const running = (await this.engine.listContainers(this.#label)).filter(
      ({ State }) => State === 'running',
    );
    const addresses = new Map<string, string>(
      running.flatMap(({ Id, NetworkSettings: { Networks } }) =>
        Object.values(Networks).map(({ IPAddress }) => [`container:${Id}`, IPAddress] as const),
      ),
    );
    return new Map(
      running
        .filter(({ Labels }) => Labels[labelKeys.role] === 'app')
        .map(({ Id, HostConfig }) => [addresses.get(HostConfig.NetworkMode) ?? '', Id]),
    );
  }
}

/** Asks every task for its page, round after round, also while there is no server. */
export class Visitor {
  readonly #site: ServiceSite;
  readonly #rounds: Promise<void>;
  #ended = false;
  /** How many tasks answered, round by round. */
  readonly answered: number[] = [];

  constructor(site: ServiceSite) {
    this.#site = site;
    this.#rounds = this.#visit();
  }

  /** @returns the fewest that answered in any round */
  async end(): Promise<number> {
    this.#ended = true;
    await this.#rounds;
    assert(this.answered.length > 0, 'No round was made.');
    return Math.min(...this.answered);
  }

  async #visit(): Promise<void> {
    for await (const _ of setInterval(20)) {
      if (this.#ended) return;
      this.answered.push((await pagesOf(this.#site)).length);
    }
  }
}

/** What the tasks serve that answer now. */
export async function pagesOf(site: ServiceSite): Promise<string[]> {
  const asked = [...(await site.apps()).keys()].map(async (address) => {
    const answer = await fetch(`http://${address}/`);
    return (await answer.text()).trim();
  });
  const answers = await Promise.allSettled(asked);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}
