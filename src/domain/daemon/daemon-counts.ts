import { lastPathElement, type CapacityProviderArn } from '../arn.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import { isServing } from '../service/service-tasks.ts';
import type { Task } from '../task/task.ts';
import { isOfRevision, type Daemon } from './daemon.ts';
import type {
  CountsByDaemonRevision,
  CountsByProvider,
  DaemonAimRef,
  DaemonDeployment,
  InstanceCounts,
} from './daemon-deployment.ts';

/** What counts are made from. */
export interface CountedDaemon {
  readonly daemon: Daemon;
  readonly instances: readonly ContainerInstance[];
  readonly tasks: readonly Task[];
}

/** What each revision of a deployment has on the instances of each capacity provider. */
export function countsByRevision(
  { target, sources }: Pick<DaemonDeployment, 'target' | 'sources'>,
  counted: CountedDaemon,
): CountsByDaemonRevision {
  const refs = [...(target ? [target] : []), ...sources];
  return Object.fromEntries(refs.map((ref) => [ref.revisionArn, countsOf(ref, counted)]));
}

export function countsOf(ref: DaemonAimRef, counted: CountedDaemon): CountsByProvider {
  return Object.fromEntries(
    ref.capacityProviderArns.map((arn) => [arn, countsOn(arn, ref, counted)]),
  );
}

/** An instance is counted once: drained, or with its daemon, or without. */
function countsOn(
  provider: CapacityProviderArn,
  { revisionArn }: DaemonAimRef,
  { daemon, instances, tasks }: CountedDaemon,
): InstanceCounts {
  const counts = { running: 0, withoutDaemon: 0, draining: 0 };
  const { aim } = daemon;
  const goesWithout = aim.revision.arn === revisionArn && !aim.revision.critical;
  for (const { arn, capacityProviderName, heldBy, status } of instances) {
    if (capacityProviderName !== lastPathElement(provider)) continue;
    const there = tasks.filter((task) => task.containerInstanceArn === arn);
    const mine = there.filter((task) => isOfRevision(task, { arn: revisionArn }));
    if (status === 'DRAINING' && heldBy?.includes(daemon.arn)) {
      if (mine.some(({ lastStatus }) => lastStatus !== 'STOPPED')) counts.draining += 1;
    } else if (mine.some(isServing)) counts.running += 1;
    else if (goesWithout && status === 'ACTIVE' && !there.some(isServing)) {
      counts.withoutDaemon += 1;
    }
  }
  return counts;
}
