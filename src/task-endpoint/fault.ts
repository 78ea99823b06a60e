import type { IncomingMessage } from 'node:http';
import type { TaskFacts } from '../compute/task-facts.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import type { Task } from '../domain/task/task.ts';
import type { Logger } from '../support/logger.ts';
import { BlackHoles, Incapable, TookTooLong } from './black-hole.ts';
import {
  BadFaultRequest,
  checkLatency,
  checkPacketLoss,
  parseBlackHole,
  type BlackHole,
  type FaultAction,
  type FaultKind,
} from './fault-request.ts';
import { ok, type Reply } from './reply.ts';
import type { FaultRoute } from './route.ts';
import { readText } from './read-json.ts';

/** What asks for a fault, and where it is to be. */
export interface AskedFault {
  readonly request: IncomingMessage;
  readonly route: FaultRoute;
  readonly task: Task;
  readonly taskDefinition: TaskDefinition;
}

/**
 * Fault injection (Developer Guide, "Amazon ECS fault injection endpoint"). Requests are checked as the ECS agent checks
 * them. Black holes are made where the task's network namespace is on this machine; delays and losses are not.
 */
export class Faults {
  readonly #facts: Pick<TaskFacts, 'networkNamespace'>;
  readonly #log: Logger;
  readonly #blackHoles = new BlackHoles();

  constructor(facts: Pick<TaskFacts, 'networkNamespace'>, log: Logger) {
    this.#facts = facts;
    this.#log = log;
  }

  async answer(asked: AskedFault): Promise<Reply> {
    const { request, route, task, taskDefinition } = asked;
    const { fault, action } = route;
    const hole = parsed(route, (await readText(request)) ?? '');
    if (hole instanceof BadFaultRequest) return refused(400, hole.message);
    const { enableFaultInjection, networkMode = 'bridge' } = taskDefinition.content;
    if (!enableFaultInjection) {
      return refused(400, `enableFaultInjection is not enabled for task: ${task.arn}`);
    }
    if (networkMode !== 'awsvpc' && networkMode !== 'host') {
      const words = `${networkMode} mode is not supported. Please use either host or awsvpc mode.`;
      return refused(400, words);
    }
    if (!hole) return withoutFault(fault, action);
    try {
      return ok({ Status: await this.#perform(task, action, reachable(hole, request)) });
    } catch (error) {
      if (error instanceof Incapable) return refused(500, impossible(fault, error.message));
      if (error instanceof TookTooLong) return refused(500, `${asAsked(route)}: request timed out`);
      this.#log.error({ error, taskArn: task.arn }, 'A fault could not be injected.');
      return refused(500, 'internal error');
    }
  }

  async #perform({ arn }: Task, action: FaultAction, hole: BlackHole): Promise<string> {
    const namespace = await this.#facts.networkNamespace(arn);
    if (namespace === undefined) {
      throw new Incapable('the task has no network of its own that this machine reaches');
    }
    switch (action) {
      case 'start':
        await this.#blackHoles.start(namespace, hole);
        return 'running';
      case 'stop':
        await this.#blackHoles.stop(namespace, hole);
        return 'stopped';
      case 'status':
        return (await this.#blackHoles.isRunning(namespace, hole)) ? 'running' : 'not-running';
    }
  }
}

/** Only what begins a delay or a loss has a body that matters. */
function parsed(
  { fault, action }: FaultRoute,
  body: string,
): BlackHole | BadFaultRequest | undefined {
  try {
    if (fault === 'network-blackhole-port') return parseBlackHole(body);
    if (action !== 'start') return undefined;
    if (fault === 'network-latency') checkLatency(body);
    else checkPacketLoss(body);
    return undefined;
  } catch (error) {
    if (error instanceof BadFaultRequest) return error;
    throw error;
  }
}

/** The endpoint itself stays within reach, so that what is begun can be ended. */
function reachable(hole: BlackHole, { socket }: IncomingMessage): BlackHole {
  const { localAddress = '', localPort } = socket;
  if (hole.trafficType !== 'egress' || hole.port !== localPort) return hole;
  return { ...hole, exempted: [...hole.exempted, localAddress.replace(/^::ffff:/, '')] };
}

function withoutFault(fault: FaultKind, action: FaultAction): Reply {
  if (action === 'stop') return ok({ Status: 'stopped' });
  if (action === 'status') return ok({ Status: 'not-running' });
  return refused(500, impossible(fault, 'Longshore injects network-blackhole-port alone'));
}

function impossible(fault: string, words: string): string {
  return `${fault} is not possible on this host: ${words}`;
}

function asAsked({ fault, action }: FaultRoute): string {
  return `${action === 'status' ? 'check status' : action} ${fault}`;
}

function refused(status: number, words: string): Reply {
  return { status, body: { Error: words } };
}
