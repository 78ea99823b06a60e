import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark's own that answers one message with another. */
export class Child {
  readonly process: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor(file: string, args: readonly string[] = [], nodeOptions: readonly string[] = []) {
    this.process = fork(fileURLToPath(new URL(file, import.meta.url)), [...args], {
      execArgv: [...process.execArgv, ...nodeOptions],
    });
    this.#exited = once(this.process, 'exit');
  }

  /** @throws where the process ends instead of answering */
  async ask<Answer>(message: object): Promise<Answer> {
    this.process.send(message);
    return this.next();
  }

  async next<Answer>(): Promise<Answer> {
    const answered: Promise<[Answer]> = once(this.process, 'message').then(([answer]) => [answer]);
    const ended = this.#exited.then(() => undefined);
    const answer = await Promise.race([answered, ended]);
    if (!answer) throw new Error('A process of the benchmark ended by itself.');
    return answer[0];
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.process.kill(signal);
    await this.#exited;
  }
}

/** What a server of the benchmark answers: the processor time that it has used. */
export interface Usage {
  readonly cpuMicroseconds: number;
  /** What it holds of the machine's memory, without garbage where it was started with `--expose-gc`. */
  readonly residentBytes: number;
}

/** A child that serves HTTP: its first message is its port, and it answers every message with its usage. */
export class ServerChild extends Child {
  #port: number | undefined;

  static async start(
    file: string,
    args: readonly string[] = [],
    nodeOptions: readonly string[] = [],
  ): Promise<ServerChild> {
    const child = new ServerChild(file, args, nodeOptions);
    child.#port = await child.next<number>();
    return child;
  }

  get port(): number {
    if (this.#port === undefined) throw new Error('The server has not told its port.');
    return this.#port;
  }

  async cpuMicroseconds(): Promise<number> {
    return (await this.ask<Usage>({})).cpuMicroseconds;
  }

  async residentBytes(): Promise<number> {
    return (await this.ask<Usage>({})).residentBytes;
  }
}

/** For the other end: tells the port, then the usage whenever asked. */
export function serveUsage(port: number): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    globalThis.gc?.();
    const residentBytes = process.memoryUsage.rss();
    process.send?.({ cpuMicroseconds: user + system, residentBytes } satisfies Usage);
  });
  process.once('disconnect', () => process.exit());
  process.send?.(port);
}
