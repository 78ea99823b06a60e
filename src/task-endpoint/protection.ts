import type { IncomingMessage } from 'node:http';
import type {
  Failure,
  GetTaskProtectionResponse,
  ProtectedTask,
  UpdateTaskProtectionResponse,
} from '@aws-sdk/client-ecs';
import { EcsError } from '../domain/errors.ts';
import type { Task } from '../domain/task/task.ts';
import { readJson } from './read-json.ts';
import { ok, type Reply } from './reply.ts';

/** The operations of ECS that stand behind a task's own view of its protection. */
export interface ProtectionApi {
  get(task: Task): GetTaskProtectionResponse;
  update(
    task: Task,
    wanted: { readonly protectionEnabled: boolean; readonly expiresInMinutes?: number },
  ): UpdateTaskProtectionResponse;
}

interface ProtectionRequest {
  readonly request: IncomingMessage;
  readonly task: Task;
  readonly hasRole: boolean;
  readonly requestId: string;
}

/** `GET` and `PUT` of `$ECS_AGENT_URI/task-protection/v1/state` (Developer Guide, "Task scale-in protection endpoint"). */
export async function answerProtection(
  { request, task, hasRole, requestId }: ProtectionRequest,
  api: ProtectionApi,
): Promise<Reply> {
  const refuse = (status: number, Code: string, Message: string): Reply => ({
    status,
    body: { requestID: requestId, error: { Arn: task.arn, Code, Message } },
  });
  const wanted = request.method === 'PUT' ? parseWanted(await readJson(request)) : undefined;
  if (typeof wanted === 'string') return refuse(400, 'InvalidParameterException', wanted);
  if (!hasRole) {
    const words = 'Invalid Request: no task IAM role credentials available for task';
    return refuse(403, 'AccessDeniedException', words);
  }
  try {
    return ok(outcome(wanted ? api.update(task, wanted) : api.get(task)));
  } catch (error) {
    if (error instanceof EcsError) return refuse(400, error.code, error.message);
    throw error;
  }
}

function parseWanted(body: Readonly<Record<string, unknown>> | undefined) {
  const undecodable = 'UpdateTaskProtection: failed to decode request';
  if (!body) return undecodable;
  const { ProtectionEnabled: enabled, ExpiresInMinutes: minutes, ...others } = body;
  if (Object.keys(others).length > 0) return undecodable;
  if (enabled === undefined || enabled === null) {
    return "Invalid request: does not contain 'ProtectionEnabled' field";
  }
  if (typeof enabled !== 'boolean') return undecodable;
  if (minutes === undefined || minutes === null) return { protectionEnabled: enabled };
  if (typeof minutes !== 'number' || !Number.isInteger(minutes)) return undecodable;
  return { protectionEnabled: enabled, expiresInMinutes: minutes };
}

function outcome({
  protectedTasks: [shown] = [],
  failures: [failure] = [],
}: GetTaskProtectionResponse | UpdateTaskProtectionResponse) {
  return failure ? { failure: failureOf(failure) } : { protection: shown && protectionOf(shown) };
}

function failureOf({ arn, detail, reason }: Failure) {
  return { Arn: arn, Detail: detail, Reason: reason };
}

function protectionOf({ expirationDate, protectionEnabled, taskArn }: ProtectedTask) {
  const date = expirationDate && `${expirationDate.toISOString().slice(0, -'.000Z'.length)}Z`;
  return { ExpirationDate: date ?? null, ProtectionEnabled: protectionEnabled, TaskArn: taskArn };
}
