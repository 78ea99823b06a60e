import type { OutputLine, OutputQuery } from '../compute.ts';
import { lastPathElement } from '../../domain/arn.ts';
import { EngineError } from './engine.ts';
import type { EngineHost } from './engine-host.ts';
import { outputLines } from './output-lines.ts';
import { hasRun } from '../plan-containers.ts';
import type { OutputStore } from './output-store.ts';
import type { TaskRun } from './task-run.ts';

/** What a container wrote: from the Engine while it has the container, else from what was kept. */
export async function* readOutput(
  host: EngineHost,
  outputs: OutputStore,
  query: OutputQuery,
): AsyncGenerator<OutputLine> {
  const taskId = lastPathElement(query.task.arn);
  const { container, follow, signal } = query;
  if (query.tail !== undefined) return yield* readTail(host, outputs, query);
  // One that is started again, or removed while it is read, is gone on with where it was left. Lines
  // are told apart by their number: their times are neither all different nor all in order.
  let told = 0;
  const fresh = async function* (lines: AsyncIterable<OutputLine>): AsyncGenerator<OutputLine> {
    let number = 0;
    for await (const line of lines) {
      if (++number <= told) continue;
      told = number;
      yield line;
    }
  };
  for (let run = host.find(taskId); run; run = host.find(taskId)) {
    const { changed } = run.containers;
    const isOver = run.containers.state(container).phase === 'ended';
    yield* fresh(engineLines(host, run, query));
    if (signal.aborted) return;
    if (!follow || isOver) break;
    await orAborted(changed, signal);
    if (signal.aborted) return;
  }
  if (!host.find(taskId)) {
    yield* fresh(outputs.read(taskId, container));
  }
}

async function* readTail(
  host: EngineHost,
  outputs: OutputStore,
  query: OutputQuery,
): AsyncGenerator<OutputLine> {
  const taskId = lastPathElement(query.task.arn);
  const run = host.find(taskId);
  if (run) yield* engineLines(host, run, query);
  else yield* outputs.readTail(taskId, query.container);
}

async function* engineLines(
  host: EngineHost,
  run: TaskRun,
  { container, follow, signal, tail }: OutputQuery,
): AsyncGenerator<OutputLine> {
  const id = run.containers.ids.get(container);
  if (id === undefined || !hasRun(run.containers.state(container))) return;
  try {
    yield* outputLines(await host.engine.logs(id, { follow, signal, tail }));
  } catch (error) {
    // It was removed a moment ago (what was kept has the rest), or the reader has gone.
    const isGone = error instanceof EngineError && error.statusCode === 404;
    if (!isGone && !signal.aborted) throw error;
  }
}

function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    void promise.then(resolve);
  });
}
