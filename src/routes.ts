import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Compute, OutputLine } from './compute/compute.ts';
import type { Interruption } from './domain/task/interrupt-task.ts';
import { interrupt } from './interruptions.ts';
import { historyRoutes } from './history-routes.ts';
import type { Gauged, Metrics } from './metrics.ts';
import type { Caller } from './protocol/caller.ts';
import type { RouteHandler } from './protocol/listener.ts';
import { guarded, isInReach, type AccountHandler } from './signed-routes.ts';
import type { State } from './state/state.ts';
import { scalingRoutes } from './scaling-routes.ts';
import type { ScalingController } from './controllers/scaling-controller.ts';
import { telemetryRoute } from './telemetry-route.ts';
import type { Clock } from './support/clock.ts';

export interface RouteParts extends Gauged {
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly scaling: ScalingController;
  /** Whether callers must sign: each is then told of its own account alone. */
  readonly hasCredentials: boolean;
}

/** What is served besides the API. */
export function routes(parts: RouteParts): ReadonlyMap<string, RouteHandler> {
  const ofAccounts: readonly (readonly [string, AccountHandler])[] = [
    ['/longshore/logs', (...exchange) => answerLogs(parts, ...exchange)],
    ['/longshore/spot-interruption', interrupter(parts, 'spot-interruption')],
    ['/longshore/task-retirement', interrupter(parts, 'task-retirement')],
    ['/longshore/telemetry', telemetryRoute(parts)],
    ...scalingRoutes(parts),
    ...historyRoutes(parts),
  ];
  return new Map<string, RouteHandler>([
    ['/healthz', (_, response) => answer(response, 200, 'ok\n')],
    ['/readyz', (_, response) => answerReady(parts.compute, response)],
    ['/metrics', (request, response) => answerMetrics(parts, request, response)],
    ...ofAccounts.map(([path, handler]): [string, RouteHandler] => [
      path,
      guarded(parts.hasCredentials, handler),
    ]),
  ]);
}

function interrupter(parts: RouteParts, kind: Interruption): AccountHandler {
  return async (request, response, caller) => {
    const { status, text } = await interrupt(parts, kind, { request, caller });
    answer(response, status, `${text}\n`);
  };
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, {
    'content-type': type.includes('charset') ? type : `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

/** The API serves while compute is away; tasks then wait. So this says it, but stays ready. */
function answerReady(compute: Compute, response: ServerResponse): void {
  const { available } = compute.health();
  answer(response, 200, `${JSON.stringify({ ready: true, computeAvailable: available })}\n`);
}

/** Where callers must sign, the figures are for the machine itself alone. */
async function answerMetrics(
  parts: RouteParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (parts.hasCredentials && !isLoopback(request.socket.remoteAddress)) {
    return answer(response, 403, 'Metrics are served to callers on loopback only.\n');
  }
  const { type, text } = await parts.metrics.render(parts);
  answer(response, 200, text, type);
}

function isLoopback(address = ''): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** `?task=ARN&container=NAME[&follow=true][&timestamps=true]`: what a container wrote, line by line. */
async function answerLogs(
  { state, compute }: RouteParts,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller | undefined,
): Promise<void> {
  const { searchParams } = new URL(request.url ?? '/', 'http://longshore');
  const found = findContainer(state, searchParams, caller);
  if (typeof found === 'string') return answer(response, 404, `${found}\n`);

  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const follow = searchParams.get('follow') === 'true';
  // A follower waits for as long as the container has nothing to say.
  if (follow) request.socket.setTimeout(0);
  const withTimes = searchParams.get('timestamps') === 'true';
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  response.flushHeaders();
  for await (const line of compute.output({ ...found, follow, signal: gone.signal })) {
    if (gone.signal.aborted) return;
    if (!response.write(lineText(line, withTimes))) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  }
  response.end();
}

function findContainer(state: State, search: URLSearchParams, caller: Caller | undefined) {
  const task = state.read.tasks.find(search.get('task') ?? '');
  if (!task || !isInReach(task.arn, caller))
    return 'No such task: give the ARN of a task that runs or has stopped within the hour.';
  const names = task.containers.map((container) => container.name);
  const container = search.get('container') ?? names[0] ?? '';
  return names.includes(container)
    ? { task, container }
    : `No such container: the task has ${names.join(', ')}.`;
}

function lineText({ at, text }: OutputLine, withTimes: boolean): string {
  return withTimes ? `${new Date(at).toISOString()} ${text}\n` : `${text}\n`;
}
