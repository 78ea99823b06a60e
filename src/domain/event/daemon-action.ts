import type { Daemon } from '../daemon/daemon.ts';
import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import type { EventContent } from './ecs-event.ts';

/**
 * That a daemon does not come to run on an instance is told once, until it has run there. The type of the event is
 * [inferred, after that of services].
 */
export function daemonActions(
  before: Daemon | undefined,
  after: Daemon,
  at: Instant,
): readonly EventContent[] {
  const known = before?.troubles;
  if (known === after.troubles) return [];
  return Object.entries(after.troubles)
    .filter(([arn]) => !known || !(arn in known))
    .map(([arn, { reason }]) => ({
      type: 'ECS Daemon Action',
      resourceArn: after.arn,
      detail: {
        eventType: 'WARN',
        eventName: 'DAEMON_TASK_START_IMPAIRED',
        clusterArn: after.clusterArn,
        containerInstanceArns: [arn],
        reason,
        createdAt: isoInstant(at),
      },
    }));
}
