import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A way to start the server: a program, and where Node keeps what it compiles of it. */
export interface Build {
  readonly name: string;
  readonly program: string;
  readonly compileCache?: string;
}

/** As `npm run build` makes it. */
export const release: Build = { name: 'release', program: `${root}dist/release/release.cjs` };

/** As `npm start` runs it where there is no current release. */
export const source: Build = {
  name: 'source',
  program: `${root}src/main.ts`,
  compileCache: `${root}node_modules/.cache/longshore-compiled`,
};

/** The server as its users start it, in a process of its own. */
export class Longshore {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;

  constructor({ program, compileCache }: Build, options: readonly string[]) {
    this.#process = spawn(process.execPath, [program, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...(compileCache && { NODE_COMPILE_CACHE: compileCache }) },
    });
    this.#exited = once(this.#process, 'exit');
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The port of the line that says that the server is ready. */
  async port(): Promise<number> {
    const { stdout } = this.#process;
    if (!stdout) throw new Error('The server has no output.');
    for await (const line of createInterface(stdout)) {
      const { msg, port }: { msg: string; port: number } = JSON.parse(line);
      if (msg === 'Longshore is ready.') return port;
    }
    throw new Error('The server ended before it was ready.');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#process.kill(signal);
    await this.#exited;
  }
}
