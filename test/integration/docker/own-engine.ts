import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { vi } from 'vitest';

/** Whether this process can start an Engine of its own. */
export const canStartEngine =
  process.getuid?.() === 0 && isOnPath('dockerd', 'containerd', 'unshare', 'nsenter');

const sharedSocket = '/var/run/docker.sock';
const patience = { timeout: 30_000, interval: 20 };

/**
 * An Engine that a test may stop and kill: dockerd and containerd of its own, with all that they keep
 * in a temporary folder. containerd goes on while dockerd does not run, as where services are.
 */
export class OwnEngine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'longshore-engine-'));
  readonly #always: readonly string[];
  readonly #socket = this.#path('docker.sock');
  readonly url = `unix://${this.#socket}`;
  #containerd: ChildProcess | undefined;
  /** Holds the network that dockerd lives in: it would remove bridges of the machine's Engine. */
  #network: ChildProcess | undefined;
  #dockerd: ChildProcess | undefined;

  /** @param always options that it is given at every start */
  constructor(...always: readonly string[]) {
    this.#always = always;
  }

  /** Where all is that the Engine keeps: what is mounted there goes when the Engine is closed. */
  get dataRoot(): string {
    return this.#path('data');
  }

  async start(...options: readonly string[]): Promise<void> {
    this.#containerd ??= this.#startContainerd();
    this.#network ??= await this.#openNetwork();
    this.#dockerd = this.#spawn('dockerd', [
      `--host=${this.url}`,
      `--containerd=${this.#path('containerd.sock')}`,
      `--data-root=${this.dataRoot}`,
      `--exec-root=${this.#path('exec')}`,
      `--pidfile=${this.#path('dockerd.pid')}`,
      '--bridge=none',
      '--iptables=false',
      '--ip-forward=false',
      '--ip-masq=false',
      ...this.#always,
      ...options,
    ]);
    await vi
      .waitUntil(() => this.#answers(), patience)
      .catch((cause: unknown) => {
        const log = readFileSync(this.#path('dockerd.log'), 'utf8').slice(-2000);
        throw new Error(`dockerd does not start: ${log}`, { cause });
      });
  }

  /** SIGTERM ends the containers as well, unless they are to live on. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await ended(this.#dockerd, signal);
  }

  /** Takes over an image of this machine's Engine. */
  async copyImage(image: string): Promise<void> {
    const path = `/images/${encodeURIComponent(image)}/get`;
    const saved = await opened({ socketPath: sharedSocket, path });
    const load = request({ socketPath: this.#socket, path: '/images/load', method: 'POST' });
    const answered: Promise<[IncomingMessage]> = once(load, 'response') as never;
    await pipeline(saved, load);
    const [answer] = await answered;
    answer.resume();
    await once(answer, 'end');
  }

  /** Leaves nothing of all that was ever on it: what was to live on does not outlive this restart. */
  async close(): Promise<void> {
    await this.end('SIGTERM');
    await this.start();
    const path = '/networks/prune';
    const pruned = await opened({ socketPath: this.#socket, path, method: 'POST' });
    await once(pruned.resume(), 'end');
    await this.end('SIGTERM');
    await ended(this.#containerd, 'SIGTERM');
    await ended(this.#network, 'SIGKILL');
    const mounts = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
      .filter((target) => target.startsWith(`${this.#folder}/`));
    for (const target of mounts.toReversed()) execFileSync('umount', [target]);
    rmSync(this.#folder, { recursive: true });
  }

  #startContainerd(): ChildProcess {
    const config = this.#path('containerd.toml');
    writeFileSync(config, 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
    return this.#spawn('containerd', [
      `--config=${config}`,
      `--address=${this.#path('containerd.sock')}`,
      `--root=${this.#path('containerd')}`,
      `--state=${this.#path('containerd-state')}`,
    ]);
  }

  #spawn(program: string, options: readonly string[]): ChildProcess {
    const log = openSync(this.#path(`${program}.log`), 'a');
    const [command, ...given] = this.#network
      ? ['nsenter', `--net=/proc/${this.#network.pid}/ns/net`, program, ...options]
      : [program, ...options];
    const child = spawn(command, given, { stdio: ['ignore', log, log] });
    closeSync(log);
    return child;
  }

  async #openNetwork(): Promise<ChildProcess> {
    const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
    const networkOf = (pid: number | string) => readlinkSync(`/proc/${pid}/ns/net`);
    await vi.waitUntil(() => networkOf(holder.pid ?? '') !== networkOf('self'), patience);
    return holder;
  }

  async #answers(): Promise<boolean> {
    const options = { socketPath: this.#socket, path: '/_ping' };
    return opened(options).then(
      (answer) => answer.resume().statusCode === 200,
      () => false,
    );
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

async function ended(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

function opened(options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(options, resolve).on('error', reject).end();
  });
}

function isOnPath(...programs: readonly string[]): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return programs.every((program) => folders.some((folder) => existsSync(join(folder, program))));
}
