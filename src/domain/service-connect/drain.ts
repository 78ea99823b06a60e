import type { Instant } from '../instant.ts';
import type { Task } from '../task/task.ts';
import type { TaskDefinitionContent } from '../task-definition/task-definition.ts';
import type { ServiceConnectEndpoint } from './service-connect.ts';

/** What callers have begun with a task may take this long to end, once no more is begun. */
const drainMs = 500;
/** A caller that cannot be told holds up nobody for longer. */
const longestHoldMs = 5000;
const askAgainMs = 50;

/** A task that is to stop, and what it consists of. */
export interface StoppingTask {
  readonly task: Task;
  readonly content: TaskDefinitionContent;
}

/**
 * Until when a task that is to stop is not told so yet: those who call it go elsewhere first. Undefined where it
 * may be told.
 * @param goneSince when the last of them was told; undefined while one has yet to be
 */
export function stopHeldUntil(
  { task, content }: StoppingTask,
  goneSince: Instant | undefined,
  now: Instant,
): Instant | undefined {
  if (!isCalled(task, content)) return undefined;
  const atLast = (task.stoppingAt ?? now) + longestHoldMs;
  const until = goneSince === undefined ? now + askAgainMs : goneSince + drainMs;
  const held = Math.min(until, atLast);
  return held > now ? held : undefined;
}

/** Whether somebody may be in the midst of calling it: that a container has ended does not end those that are called. */
function isCalled(
  { serviceConnect, startedAt, containers }: Task,
  { containerDefinitions }: TaskDefinitionContent,
): boolean {
  if (!serviceConnect || startedAt === undefined) return false;
  const { containerName, endpoints } = serviceConnect.setting;
  const runs = (name: string | undefined) =>
    containers.some((one) => one.name === name && one.lastStatus !== 'STOPPED');
  const answers = ({ portName, ingressPortOverride }: ServiceConnectEndpoint) =>
    (ingressPortOverride === undefined || runs(containerName)) &&
    containerDefinitions.some(
      ({ name, portMappings }) => runs(name) && portMappings.some((one) => one.name === portName),
    );
  return endpoints.some(answers);
}
