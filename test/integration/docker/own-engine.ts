import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { vi } from 'vitest';

/** Whether this process can start an Engine of its own. */
export const canStartEngine = process.getuid?.() === 0 && isOnPath('dockerd', 'containerd');

const sharedSocket = '/var/run/docker.sock';
/** A range that the Engine of the machine does not use, whose networks lie beside these. */
const addressPool = 'base=10.213.0.0/16,size=24';
const patience = { timeout: 30_000, interval: 20 };

/**
 * An Engine that a test may stop and kill: dockerd and containerd of its own, with all that they keep
 * in a temporary folder. containerd goes on while dockerd does not run, as where services are.
 */
export class OwnEngine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'longshore-engine-'));
  readonly #socket = this.#path('docker.sock');
  readonly url = `unix://${this.#socket}`;
  #containerd: ChildProcess | undefined;
  #dockerd: ChildProcess | undefined;

  async start(...options: readonly string[]): Promise<void> {
    this.#containerd ??= this.#startContainerd();
    this.#dockerd = this.#spawn('dockerd', [
      `--host=${this.url}`,
      `--containerd=${this.#path('containerd.sock')}`,
      `--data-root=${this.#path('data')}`,
      `--exec-root=${this.#path('exec')}`,
      `--pidfile=${this.#path('dockerd.pid')}`,
      `--default-address-pool=${addressPool}`,
      '--bridge=none',
      '--iptables=false',
      '--ip-forward=false',
      '--ip-masq=false',
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
    const child = spawn(program, options, { stdio: ['ignore', log, log] });
    closeSync(log);
    return child;
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
