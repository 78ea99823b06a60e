import type { OutputLine, OutputQuery } from '../compute.ts';
import { lastPathElement } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LogDestination, LogSink } from '../log-sink.ts';
import { EngineError } from './engine.ts';
import type { EngineHost } from './engine-host.ts';
import { notReadable } from './log-config.ts';
import { outputLines } from './output-lines.ts';
import { hasRun } from '../plan-containers.ts';
import type { OutputStore } from './output-store.ts';
import type { TaskRun } from './task-run.ts';

export interface OutputPlaces {
  readonly host: EngineHost;
  readonly outputs: OutputStore;
  readonly logs: LogSink;
}

/** What a container wrote: from the Engine while it has the container, else from what was kept. */
export async function* readOutput(
  { host, outputs, logs }: OutputPlaces,
  query: OutputQuery,
): AsyncGenerator<OutputLine> {
  const taskId = lastPathElement(query.task.arn);
  const { container, follow, signal } = query;
  if (query.tail !== undefined) return yield* readTail({ host, outputs, logs }, query, query.tail);
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
    const stream = await outputs.reference(taskId, container);
    yield* fresh(stream ? streamLines(logs, stream) : outputs.read(taskId, container));
  }
}

/** Which of the two streams a line came from is not kept in the logs. */
async function* streamLines(logs: LogSink, stream: LogDestination): AsyncGenerator<OutputLine> {
  for await (const event of logs.read(stream)) yield* linesOf(event);
}

/** An event of several lines ends with a line feed, one of a single line does not. */
function linesOf({ at, text }: { readonly at: Instant; readonly text: string }): OutputLine[] {
  const lines = text.replace(/\n$/, '').split('\n');
  return lines.map((line) => ({ at, stream: 'stdout', text: line }));
}

async function* readTail(
  { host, outputs, logs }: OutputPlaces,
  query: OutputQuery,
  tail: number,
): AsyncGenerator<OutputLine> {
  const taskId = lastPathElement(query.task.arn);
  const run = host.find(taskId);
  if (run) return yield* engineLines(host, run, query);
  const stream = await outputs.reference(taskId, query.container);
  if (!stream) return yield* outputs.readTail(taskId, query.container);
  const events = await logs.readLast(stream, tail);
  yield* events.flatMap(linesOf).slice(-tail);
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
    // It was removed a moment ago (what was kept has the rest), its driver keeps nothing, or the
    // reader has gone.
    const isGone = error instanceof EngineError && [404, notReadable].includes(error.statusCode);
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
