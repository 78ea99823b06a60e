import type { IncomingMessage } from 'node:http';
import { interruptedTask, type Interruption } from './domain/task/interrupt-task.ts';
import type { State } from './state/state.ts';
import type { Clock } from './support/clock.ts';

export interface InterruptionParts {
  readonly state: State;
  readonly clock: Clock;
  /** Whether callers must sign, which nobody can here. */
  readonly hasCredentials: boolean;
}

export interface InterruptionAnswer {
  readonly status: number;
  readonly text: string;
}

/** `POST ...?task=ARN`: does to a task what the platform of Fargate does now and then. */
export async function interrupt(
  { state, clock, hasCredentials }: InterruptionParts,
  kind: Interruption,
  { method, url = '/' }: IncomingMessage,
): Promise<InterruptionAnswer> {
  if (hasCredentials) {
    return { status: 403, text: 'Tasks are not interrupted here while credentials are required.' };
  }
  if (method !== 'POST') return { status: 405, text: 'Send it as a POST.' };
  const arn = new URL(url, 'http://longshore').searchParams.get('task') ?? '';
  const outcome = state.transact((tx) => {
    const task = tx.tasks.find(arn);
    if (!task) return undefined;
    const interrupted = interruptedTask(task, kind, clock.now());
    if (interrupted.kind === 'Interrupted') tx.tasks.put(interrupted.task);
    return interrupted;
  });
  await state.settled();
  if (!outcome) return { status: 404, text: 'No such task: give the ARN of a task that runs.' };
  if (outcome.kind === 'Refused') return { status: 409, text: outcome.why };
  return { status: 200, text: arn };
}
