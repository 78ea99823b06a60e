import { delay } from './delay.ts';
import { EngineError, EngineUnreachable } from './engine.ts';
import type { ContainerBody, ContainerInspect } from './engine-types.ts';
import { labelKeys } from './names.ts';
import type { TaskHost } from './task-host.ts';

/** An Engine that is still making, or removing, a container of the name is asked again after this. */
const askAgainMs = 100;
const mostAttempts = 600;

/**
 * Creates a container; one that was created for the same purpose before is it. A process that was
 * killed may have left its creation under way: the name is taken then before there is a container,
 * and the container may join a network namespace that the task had then, and has no more.
 */
export async function createOnce(
  host: Pick<TaskHost, 'clock' | 'creates' | 'engine' | 'isAvailable'>,
  name: string,
  body: ContainerBody,
): Promise<string> {
  const { clock, creates, engine } = host;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await creates.run(() => engine.createContainer(name, body));
    } catch (error) {
      if (!isConflict(error)) throw error;
      const there = await findContainer(host, name);
      if (there && !isSamePurpose(there, body)) throw error;
      if (there && isJoinedAlike(there, body)) return there.Id;
      if (attempt === mostAttempts) throw error;
      if (there) await engine.removeContainer(there.Id);
      await delay(clock, askAgainMs);
      if (!host.isAvailable) throw new EngineUnreachable(error);
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof EngineError && error.statusCode === 409;
}

/** Undefined while it is being made, or removed. */
async function findContainer(
  { engine }: Pick<TaskHost, 'engine'>,
  name: string,
): Promise<ContainerInspect | undefined> {
  try {
    const found = await engine.inspectContainer(name);
    return found.State.Status === 'removing' ? undefined : found;
  } catch (error) {
    if (error instanceof EngineError && error.statusCode === 404) return undefined;
    throw error;
  }
}

function isSamePurpose({ Config }: ContainerInspect, body: ContainerBody): boolean {
  return [labelKeys.installation, labelKeys.taskArn, labelKeys.container].every(
    (key) => Config.Labels?.[key] === body.Labels[key],
  );
}

function isJoinedAlike({ HostConfig }: ContainerInspect, body: ContainerBody): boolean {
  const { NetworkMode } = HostConfig;
  return !NetworkMode.startsWith('container:') || NetworkMode === body.HostConfig.NetworkMode;
}
