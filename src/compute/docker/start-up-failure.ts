import type { TaskOrder } from '../compute.ts';
import { EngineError } from './engine.ts';

/** The task cannot start; the message is ECS's reason. */
export class StartUpFailure extends Error {
  /** The image that could not be had, where that is why. */
  readonly image: string | undefined;

  constructor(reason: string, image?: string) {
    super(reason);
    this.image = image;
  }
}

/** On FARGATE the task has the particulars, elsewhere the container that could not start. */
export function startFailureReason({ task }: TaskOrder, particulars: string): string {
  return task.launchType === 'FARGATE' ? particulars : 'Task failed to start';
}

/** [inferred wording] */
export const cannotSetUpNetwork =
  'ResourceInitializationError: failed to set up the network of the task: ' +
  'Error response from daemon: ';

/** [inferred wording] */
export const networkEndedReason =
  'ResourceInitializationError: failed to set up the network of the task: it has ended';

/** [inferred wording] */
export const cannotBound =
  'ResourceInitializationError: failed to set the cpu and memory of the task: ';

/** [inferred wording] */
export const cannotLayRouter =
  'ResourceInitializationError: failed to configure the log router: Error response from daemon: ';

/** Turns an error of the kind into the failure of the start; any other stays what it is. */
export function failOn(kind: new (words: string) => Error): (error: unknown) => never {
  return (error) => {
    throw error instanceof kind ? new StartUpFailure(error.message) : error;
  };
}

/** Turns a refusal of the Engine into ECS's reason; the Engine's absence stays what it is. */
export function failWith(prefix: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof EngineError ? new StartUpFailure(prefix + error.message) : error;
  };
}
