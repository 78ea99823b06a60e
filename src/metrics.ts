import type * as prometheus from 'prom-client';
import type { EcsAgentCompute } from './compute/ecs-agent/ecs-agent-compute.ts';
import type { Compute } from './compute/compute.ts';
import type { ControllerLoop } from './controllers/controller-loop.ts';
import type { Answered } from './protocol/service.ts';
import type { State } from './state/state.ts';

type PromClient = typeof prometheus;
type Recorders = ReturnType<typeof makeRecorders>;

export interface Commit {
  readonly records: number;
  readonly durationMs: number;
}

/** What is read at the moment of a scrape. */
export interface Gauged {
  readonly state: State;
  readonly compute: Compute;
  readonly loop: ControllerLoop;
  readonly agents: EcsAgentCompute;
}

/** Answers since the last scrape: the library takes three labels apart more slowly than it counts. */
interface Tally {
  readonly labels: Readonly<Record<'operation' | 'status' | 'code', string>>;
  count: number;
}

/** Measurements that may wait for the library; more than these are not kept. */
const mostWaiting = 10_000;

/**
 * The figures behind `/metrics`. The library that keeps them is loaded once the server is ready, so
 * that starting does not wait for it; what is measured until then waits too.
 */
export class Metrics {
  #recorders: Recorders | undefined;
  #waiting: ((recorders: Recorders) => void)[] = [];
  #loading: Promise<Recorders> | undefined;
  readonly #tallies = new Map<string, Tally>();

  /** Begins to keep figures. */
  load(): Promise<Recorders> {
    return (this.#loading ??= this.#load());
  }

  onAnswered({ operation = 'unknown', status, code = '', durationMs }: Answered): void {
    this.#count(operation, status, code);
    this.#record(({ latency }) => latency.observe({ operation }, durationMs / 1000));
  }

  onCommit({ records, durationMs }: Commit): void {
    this.#record(({ commitLatency, committed }) => {
      commitLatency.observe(durationMs / 1000);
      committed.inc(records);
    });
  }

  /** The figures as Prometheus reads them. */
  async render(gauged: Gauged): Promise<{ readonly type: string; readonly text: string }> {
    const { registry, requests, gauges } = await this.load();
    readGauges(gauges, gauged);
    for (const tally of this.#tallies.values()) {
      requests.inc(tally.labels, tally.count);
      tally.count = 0;
    }
    return { type: registry.contentType, text: await registry.metrics() };
  }

  async #load(): Promise<Recorders> {
    const recorders = makeRecorders(await import('prom-client'));
    this.#recorders = recorders;
    for (const record of this.#waiting) record(recorders);
    this.#waiting = [];
    return recorders;
  }

  #count(operation: string, status: number, code: string): void {
    const key = `${operation} ${status} ${code}`;
    const tally = this.#tallies.get(key);
    if (tally) tally.count += 1;
    else this.#tallies.set(key, { labels: { operation, status: String(status), code }, count: 1 });
  }

  #record(record: (recorders: Recorders) => void): void {
    if (this.#recorders) record(this.#recorders);
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(record);
  }
}

const latencyBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

function makeRecorders(prom: PromClient) {
  const { Counter, Gauge, Histogram, Registry } = prom;
  const registry = new Registry();
  prom.collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: 'longshore_api_requests_total',
      help: 'API requests answered, by operation, HTTP status and error code.',
      labelNames: ['operation', 'status', 'code'],
      registers,
    }),
    latency: new Histogram({
      name: 'longshore_api_request_seconds',
      help: 'Time from the head of an API request to its answer.',
      labelNames: ['operation'],
      buckets: latencyBuckets,
      registers,
    }),
    commitLatency: new Histogram({
      name: 'longshore_commit_seconds',
      help: 'Time for which a batch of changes was on its way to the store.',
      buckets: latencyBuckets,
      registers,
    }),
    committed: new Counter({
      name: 'longshore_committed_records_total',
      help: 'Records made durable.',
      registers,
    }),
    gauges: {
      tasks: new Gauge({
        name: 'longshore_tasks',
        help: 'Tasks that are remembered, by last status.',
        labelNames: ['status'],
        registers,
      }),
      queues: new Gauge({
        name: 'longshore_queue_depth',
        help: 'What waits: keys of each controller, uncommitted records, starts and stops of compute.',
        labelNames: ['queue'],
        registers,
      }),
      computeAvailable: new Gauge({
        name: 'longshore_compute_available',
        help: 'Whether compute (the Docker Engine) answers.',
        registers,
      }),
    },
  };
}

function readGauges(gauges: Recorders['gauges'], { state, compute, loop, agents }: Gauged): void {
  gauges.tasks.reset();
  for (const [status, count] of state.read.tasks.statusCounts())
    gauges.tasks.set({ status }, count);
  const { available, queuedStarts, queuedStops } = compute.health();
  gauges.computeAvailable.set(available ? 1 : 0);
  gauges.queues.set({ queue: 'uncommitted' }, state.uncommitted);
  gauges.queues.set({ queue: 'compute-starts' }, queuedStarts);
  gauges.queues.set({ queue: 'compute-stops' }, queuedStops);
  gauges.queues.set({ queue: 'agent-payloads' }, agents.waiting);
  for (const [name, depth] of loop.depths()) {
    gauges.queues.set({ queue: `controller-${name}` }, depth);
  }
}
