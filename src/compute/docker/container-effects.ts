import { stopContainer } from './container-calls.ts';
import { delay } from './delay.ts';
import { EngineError } from './engine.ts';
import type { TaskContainers } from './task-containers.ts';
import type { TaskHost } from './task-host.ts';
import { Uncreatable } from './uncreatable.ts';
import type { ContainerState } from '../plan-containers.ts';

/** What the outcome of work outside changes here. */
export type Effect = () => void;

export function nothing(): void {}

/** What the Engine would not do at the end of a task is asked again after this. */
export const retryMs = 1000;

/** The Engine's words, in the official agent's form. Anything but a refusal is thrown on. */
export function refusal(error: unknown): string {
  if (!(error instanceof EngineError)) throw error;
  return `Error response from daemon: ${error.message}`;
}

/** Why a container could not be created, as ECS shows it. Anything but a refusal is thrown on. */
export function creationFailure(error: unknown): string {
  if (error instanceof Uncreatable) return error.message;
  return `CannotCreateContainerError: ${refusal(error)}`;
}

/** That it has ended is told by the Engine's event, not by the answer. */
export async function endContainer(
  host: TaskHost,
  containers: TaskContainers,
  { container, timeoutSeconds }: { readonly container: string; readonly timeoutSeconds: number },
): Promise<Effect> {
  const id = containers.ids.get(container) ?? '';
  try {
    await stopContainer(host, id, timeoutSeconds);
    return nothing;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.statusCode === 404) return () => containers.vanish(container);
    const { clock, log } = host;
    log.warn({ error, containerId: id }, 'The Engine could not stop a container.');
    await delay(clock, retryMs);
    return () => {
      const state = containers.state(container);
      if (state.phase === 'stopping') {
        containers.set(container, { ...state, phase: 'running', health: 'UNKNOWN' });
      }
    };
  }
}

/** Finds out whether it was killed for its memory: the Engine's event of that may come too late. */
export async function explainKill(
  host: TaskHost,
  containers: TaskContainers,
  { container, exit }: { readonly container: string; readonly exit: ContainerState },
): Promise<Effect> {
  const id = containers.ids.get(container) ?? '';
  const found = await host.engine.inspectContainer(id).catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
    return undefined;
  });
  return () => {
    if (found?.State.OOMKilled) containers.ranOutOfMemory(container);
    containers.set(container, exit);
  };
}
