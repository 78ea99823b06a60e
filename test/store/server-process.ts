import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The server as a process of its own, with its data in a folder. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.end('SIGKILL');
  }

  /**
   * Resolves once the server says that it is ready.
   * @param more options, which come after those of simulated compute and win over them
   */
  static async start(folder: string, more: readonly string[] = []): Promise<ServerProcess> {
    const options = ['--compute', 'simulated', '--data', folder, '--listen', '127.0.0.1:0'];
    const child = spawn(execPath, [main, ...options, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface(child.stdout)) {
      const { msg, port }: { msg: string; port: number } = JSON.parse(line);
      if (msg !== 'Longshore is ready.') continue;
      // What is left unread would fill the pipe, and hold the server up.
      child.stdout.resume();
      return new ServerProcess(child, `http://127.0.0.1:${port}`);
    }
    throw new Error('The server ended before it was ready.');
  }

  /** @returns how it ended: its exit code, or the signal */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string | null> {
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    const [code, by] = await exited;
    return code ?? by;
  }
}
