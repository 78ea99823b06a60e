import type { IncomingMessage } from 'node:http';
import { interruptedTask, type Interruption } from './domain/task/interrupt-task.ts';
import type { Caller } from './protocol/caller.ts';
import { isInReach } from './signed-routes.ts';
import type { State } from './state/state.ts';
import type { Clock } from './support/clock.ts';

export interface InterruptionParts {
  readonly state: State;
  readonly clock: Clock;
}

export interface InterruptionRequest {
  readonly request: IncomingMessage;
  readonly caller: Caller | undefined;
}

export interface InterruptionAnswer {
  readonly status: number;
  readonly text: string;
}

/** `POST ...?task=ARN`: does to a task what the platform of Fargate does now and then. */
export async function interrupt(
  { state, clock }: InterruptionParts,
  kind: Interruption,
  { request: { method, url = '/' }, caller }: InterruptionRequest,
): Promise<InterruptionAnswer> {
  if (method !== 'POST') return { status: 405, text: 'Send it as a POST.' };
  const arn = new URL(url, 'http://longshore').searchParams.get('task') ?? '';
  const outcome = state.transact((tx) => {
    const task = tx.tasks.find(arn);
    if (!task || !isInReach(task.arn, caller)) return undefined;
    const interrupted = interruptedTask(task, kind, clock.now());
    if (interrupted.kind === 'Interrupted') tx.tasks.put(interrupted.task);
    return interrupted;
  });
  await state.settled();
  if (!outcome) return { status: 404, text: 'No such task: give the ARN of a task that runs.' };
  if (outcome.kind === 'Refused') return { status: 409, text: outcome.why };
  return { status: 200, text: arn };
}
