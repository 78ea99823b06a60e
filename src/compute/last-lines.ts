import type { Task } from '../domain/task/task.ts';
import type { Compute } from './compute.ts';

/** As many of the last lines of each container are kept of a stopped task. */
const keptLines = 20;
const longestKeptLine = 1_000;

export interface LastLines {
  readonly container: string;
  readonly lines: readonly string[];
}

/** What the containers of a task wrote last; those that wrote nothing are left out. */
export async function lastLines(
  compute: Pick<Compute, 'output'>,
  task: Task,
): Promise<readonly LastLines[]> {
  const { signal } = new AbortController();
  const all: LastLines[] = [];
  for (const { name: container } of task.containers) {
    const lines: string[] = [];
    const query = { task, container, follow: false, signal, tail: keptLines };
    for await (const { text } of compute.output(query)) {
      lines.push(text.slice(0, longestKeptLine));
      if (lines.length > keptLines) lines.shift();
    }
    if (lines.length > 0) all.push({ container, lines });
  }
  return all;
}
