import type { TaskArn } from '../../domain/arn.ts';
import type { OutputLine, OutputQuery } from '../compute.ts';

/** A container that writes more than this writes the rest to nowhere. */
const maximumLines = 10_000;

/** What the containers of simulated tasks have written. Silent ones take no room. */
export class OutputLog {
  readonly #tasks = new Map<TaskArn, Map<string, ContainerOutput>>();

  write(taskArn: TaskArn, container: string, lines: readonly OutputLine[]): void {
    this.#require(taskArn, container).write(lines);
  }

  /** The container writes nothing more. */
  end(taskArn: TaskArn, container: string): void {
    this.#find(taskArn, container)?.end();
  }

  /** @param mayWrite whether the container may still write more, as it is at the moment */
  async *read(query: OutputQuery, mayWrite: () => boolean): AsyncGenerator<OutputLine> {
    const { task, container, follow, signal, tail = Infinity } = query;
    const waits = () => follow && mayWrite();
    const output = waits() ? this.#require(task.arn, container) : this.#find(task.arn, container);
    if (!output) return;
    for (let next = Math.max(0, output.lines.length - tail); !signal.aborted;) {
      const line = output.lines[next];
      if (line) {
        next += 1;
        yield line;
      } else if (waits() && !output.isEnded) {
        await output.changed(signal);
      } else {
        return;
      }
    }
  }

  forget(taskArn: TaskArn): void {
    for (const output of this.#tasks.get(taskArn)?.values() ?? []) output.end();
    this.#tasks.delete(taskArn);
  }

  has(taskArn: TaskArn, container: string): boolean {
    return this.#find(taskArn, container) !== undefined;
  }

  /** Has all who wait look again whether there is more to come. */
  wakeReaders(): void {
    for (const containers of this.#tasks.values()) {
      for (const output of containers.values()) output.wakeReaders();
    }
  }

  #find(taskArn: TaskArn, container: string): ContainerOutput | undefined {
    return this.#tasks.get(taskArn)?.get(container);
  }

  #require(taskArn: TaskArn, container: string): ContainerOutput {
    const containers = this.#tasks.get(taskArn) ?? new Map<string, ContainerOutput>();
    const output = containers.get(container) ?? new ContainerOutput();
    this.#tasks.set(taskArn, containers.set(container, output));
    return output;
  }
}

class ContainerOutput {
  readonly lines: OutputLine[] = [];
  readonly #waiters = new Set<() => void>();
  isEnded = false;

  write(lines: readonly OutputLine[]): void {
    this.lines.push(...lines.slice(0, maximumLines - this.lines.length));
    this.wakeReaders();
  }

  end(): void {
    this.isEnded = true;
    this.wakeReaders();
  }

  /** Resolves with the next change, or when the reader is to look whether to wait at all. */
  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiters.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiters.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  wakeReaders(): void {
    for (const wake of this.#waiters) wake();
  }
}
