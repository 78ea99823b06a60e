import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { noReach } from '../domain/service/reach.ts';
import { scopeOfArn } from '../domain/arn.ts';
import { roleArnOf } from '../domain/task/task-role.ts';
import type { Task } from '../domain/task/task.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import { getTaskProtection } from '../api/tasks/get-task-protection.ts';
import { updateTaskProtection } from '../api/tasks/update-task-protection.ts';
import type { TaskFacts } from '../compute/task-facts.ts';
import type { State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { newId, newUuid } from '../support/ids.ts';
import type { Logger } from '../support/logger.ts';
import { RateLimit } from '../support/rate-limit.ts';
import { Faults, type AskedFault } from './fault.ts';
import { Metadata } from './metadata.ts';
import { answerProtection, type ProtectionApi } from './protection.ts';
import {
  credentialsRefusal,
  internalError,
  notFound,
  ok,
  send,
  tooMany,
  unknownTask,
  type Reply,
} from './reply.ts';
import { parseRoute, type EndpointRoute } from './route.ts';
import { TaskCredentials, type RoleSource } from './task-credentials.ts';

/** Of the official agent's endpoint; here each task has them for itself, so that none can starve another. */
const usualRate = { perSecond: 40, burst: 60 };
/** Of the official agent: one of each action in five seconds. */
const faultRate = { perSecond: 0.2, burst: 1 };

export interface TaskEndpointParts {
  readonly state: State;
  readonly facts: TaskFacts;
  readonly roleSource: RoleSource;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * What containers reach at 169.254.170.2: their metadata, the credentials of their task's role, and their task's
 * protection. Whoever asks is known by the id in the path; where the task has an address of its own, only that
 * address is answered.
 */
export class TaskEndpoint {
  readonly #parts: TaskEndpointParts;
  readonly #metadata: Metadata;
  readonly #credentials: TaskCredentials;
  readonly #faults: Faults;
  readonly #limit = new RateLimit(usualRate);
  readonly #faultLimit = new RateLimit(faultRate);

  constructor(parts: TaskEndpointParts) {
    this.#parts = parts;
    this.#metadata = new Metadata(parts);
    this.#faults = new Faults(parts.facts, parts.log);
    this.#credentials = new TaskCredentials(parts.roleSource, () => parts.clock.now());
  }

  readonly receive = (request: IncomingMessage, response: ServerResponse): void => {
    this.#answer(request).then(
      (reply) => send(response, reply),
      (error: unknown) => {
        this.#parts.log.error({ error }, 'A request of a container failed.');
        send(response, internalError());
      },
    );
  };

  async #answer(request: IncomingMessage): Promise<Reply> {
    const address = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
    const { clock, state } = this.#parts;
    if (!this.#limit.admits(address, clock.now())) return tooMany();
    const route = parseRoute(request.url ?? '/');
    if (!route || !allows(route, request.method)) return notFound();
    const reply = await this.#answerRoute(route, request, address);
    // Nothing is told before it is durable, to containers as to anyone.
    await state.settled();
    return reply;
  }

  #answerRoute(
    route: EndpointRoute,
    request: IncomingMessage,
    address: string,
  ): Reply | Promise<Reply> {
    switch (route.kind) {
      case 'metadata':
        return this.#metadata.answer(route, address);
      case 'credentials':
        return this.#answerCredentials(route.credentialsId, address);
      case 'protection':
      case 'fault': {
        const found = this.#metadata.find(route.endpointId, address);
        if (!found) return unknownTask(4, route.endpointId, 'metadata');
        const { task, taskDefinition } = found;
        if (route.kind === 'fault')
          return this.#answerFault({ request, route, task, taskDefinition });
        const hasRole = roleOf(task, taskDefinition) !== undefined;
        const asked = { request, task, hasRole, requestId: randomUUID() };
        return answerProtection(asked, this.#protectionApi());
      }
    }
  }

  #answerFault(asked: AskedFault): Reply | Promise<Reply> {
    const { fault, action, endpointId } = asked.route;
    const key = `${endpointId} ${fault} ${action}`;
    if (!this.#faultLimit.admits(key, this.#parts.clock.now())) return tooMany();
    return this.#faults.answer(asked);
  }

  async #answerCredentials(credentialsId: string, address: string): Promise<Reply> {
    if (credentialsId === '') {
      return credentialsRefusal(400, 'NoIdInRequest', 'No Credential ID in the request');
    }
    const { facts, log } = this.#parts;
    const taskArn = facts.taskOfCredentials(credentialsId);
    const found = taskArn && this.#metadata.ofTask(taskArn, address);
    const roleArn = found && roleOf(found.task, found.taskDefinition);
    if (!found || roleArn === undefined) {
      return credentialsRefusal(400, 'InvalidIdInRequest', 'Credentials not found');
    }
    try {
      const role = { credentialsId, roleArn, taskArn: found.task.arn };
      const { expiresAt, ...held } = await this.#credentials.of(role);
      return ok({
        RoleArn: roleArnOf(roleArn, role.taskArn),
        AccessKeyId: held.accessKeyId,
        SecretAccessKey: held.secretAccessKey,
        Token: held.sessionToken,
        Expiration: `${new Date(expiresAt).toISOString().slice(0, -'.000Z'.length)}Z`,
      });
    } catch (error) {
      log.warn({ error, taskArn, roleArn }, 'There are no credentials for a task.');
      const words = 'Credentials uninitialized for ID';
      return credentialsRefusal(503, 'CredentialsUninitialized', words);
    }
  }

  #protectionApi(): ProtectionApi {
    const { state, clock } = this.#parts;
    const callOf = ({ arn, clusterArn }: Task) => {
      const scope = scopeOfArn(arn);
      const caller = { callerArn: `arn:aws:iam::${scope.accountId}:root`, origin: '' };
      const context = { state, scope, now: clock.now(), newId, newUuid, reach: noReach, ...caller };
      return { input: { cluster: clusterArn, tasks: [arn] }, context };
    };
    return {
      get: (task) => {
        const { input, context } = callOf(task);
        return getTaskProtection(input, context);
      },
      update: (task, wanted) => {
        const { input, context } = callOf(task);
        return updateTaskProtection({ ...input, ...wanted }, context);
      },
    };
  }
}

function allows({ kind }: EndpointRoute, method: string | undefined): boolean {
  if (kind === 'fault') return method === 'POST';
  return method === 'GET' || (kind === 'protection' && method === 'PUT');
}

function roleOf({ overrides }: Task, { content }: TaskDefinition): string | undefined {
  return overrides.taskRoleArn ?? content.taskRoleArn;
}
