import type { Compute, TaskOrder } from '../../../src/compute/compute.ts';

/** All lines of a container that has ended. */
export async function outputOf(
  compute: Compute,
  { task }: TaskOrder,
  container = 'main',
): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const lines: string[] = [];
  for await (const { text } of compute.output({ task, container, follow: false, signal })) {
    lines.push(text);
  }
  return lines;
}
