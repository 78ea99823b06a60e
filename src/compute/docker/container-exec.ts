import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { ExecProcess } from '../exec-process.ts';
import type { Engine } from './engine.ts';

/** ECS Exec runs as root, whatever the user of the image. */
const root = '0';
/** Interrupt and end of input: a shell that waits for a command ends at these. */
const farewell = Buffer.from([0x03, 0x04]);
/** What is typed while nobody reads it piles up to this. */
const mostUnreadBytes = 256 * 1024;

/** Runs a command in a terminal of a container. */
export async function execInContainer(
  engine: Engine,
  containerId: string,
  command: string,
): Promise<ExecProcess> {
  const id = await engine.createExec(containerId, {
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
    User: root,
    Cmd: ['/bin/sh', '-c', command],
  });
  return new ContainerExec(engine, containerId, id, await engine.attachExec(id));
}

class ContainerExec implements ExecProcess {
  readonly output: AsyncIterable<Buffer>;
  readonly #engine: Engine;
  readonly #containerId: string;
  readonly #id: string;
  readonly #terminal: Duplex;

  constructor(engine: Engine, containerId: string, id: string, terminal: Duplex) {
    this.#engine = engine;
    this.#containerId = containerId;
    this.#id = id;
    this.#terminal = terminal;
    this.output = untilEnd(terminal);
  }

  get isFull(): boolean {
    return this.#terminal.writableLength > mostUnreadBytes;
  }

  write(bytes: Buffer): void {
    if (this.#terminal.writable) this.#terminal.write(bytes);
  }

  resize(columns: number, rows: number): void {
    // One that has ended meanwhile has no size.
    this.#engine.resizeExec(this.#id, columns, rows).catch(() => undefined);
  }

  async hangUp(): Promise<void> {
    if (this.#terminal.writable) this.#terminal.end(farewell);
    const { Running, Pid } = await this.#engine.inspectExec(this.#id);
    if (Running && Pid > 0) await this.#killHere(Pid);
    this.#terminal.destroy();
  }

  /** The Engine has no call for it. Where its processes are seen from here, the command is told as by a terminal. */
  async #killHere(pid: number): Promise<void> {
    try {
      const cgroups = await readFile(`/proc/${pid}/cgroup`, 'utf8');
      if (cgroups.includes(this.#containerId)) process.kill(pid, 'SIGHUP');
    } catch {
      // It is over, or on another machine, or not ours to end: then it ends with its container.
    }
  }
}

/** A terminal whose connection breaks has shown all that it will. */
async function* untilEnd(terminal: Duplex): AsyncGenerator<Buffer> {
  try {
    for await (const bytes of terminal) yield Buffer.from(bytes);
  } catch {
    // The end, like any other.
  }
}
