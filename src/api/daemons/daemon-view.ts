import type {
  DaemonDetail,
  DaemonRevisionDetail,
  DaemonSummary,
  UpdateDaemonResponse,
} from '@aws-sdk/client-ecs';
import type { CapacityProviderArn } from '../../domain/arn.ts';
import { countsOf, type CountedDaemon } from '../../domain/daemon/daemon-counts.ts';
import { aimRefOf } from '../../domain/daemon/daemon-deployment.ts';
import { isOfRevision, type Daemon, type DaemonAim } from '../../domain/daemon/daemon.ts';
import { isServing } from '../../domain/service/service-tasks.ts';
import { observeDaemon } from '../../state/daemon-instances.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/** The API's shape of a daemon (API reference, "DaemonDetail"). */
export function daemonView(daemon: Daemon, tables: ReadonlyTables): DaemonDetail {
  const counted = observeDaemon(tables, daemon);
  const { aim, stable } = daemon;
  const former = stable && stable.revision.arn !== aim.revision.arn ? stable : undefined;
  const shown = [aim, ...(former && hasTasks(former, counted) ? [former] : [])];
  return {
    ...daemonSummary(daemon),
    clusterArn: daemon.clusterArn,
    currentRevisions: shown.map((one) => revisionDetail(one, counted)),
    deploymentArn: daemon.deploymentArn,
  };
}

export function daemonSummary({ arn, status, createdAt, updatedAt }: Daemon): DaemonSummary {
  const [created, updated] = [new Date(createdAt), new Date(updatedAt)];
  return { daemonArn: arn, status, createdAt: created, updatedAt: updated };
}

/** What UpdateDaemon and DeleteDaemon answer. */
export function daemonChangeView(daemon: Daemon): UpdateDaemonResponse {
  return { ...daemonSummary(daemon), deploymentArn: daemon.deploymentArn };
}

function hasTasks({ revision }: DaemonAim, { tasks }: CountedDaemon): boolean {
  return tasks.some((task) => task.lastStatus !== 'STOPPED' && isOfRevision(task, revision));
}

function revisionDetail(aim: DaemonAim, counted: CountedDaemon): DaemonRevisionDetail {
  const counts = countsOf(aimRefOf(aim), counted);
  const capacityProviders = aim.capacityProviderArns.map((arn) => ({
    arn,
    runningCount: runningOn(arn, aim, counted),
    withoutDaemonCount: counts[arn]?.withoutDaemon ?? 0,
  }));
  return {
    arn: aim.revision.arn,
    capacityProviders,
    totalRunningCount: sum(capacityProviders.map(({ runningCount }) => runningCount)),
    totalWithoutDaemonCount: sum(capacityProviders.map((one) => one.withoutDaemonCount)),
  };
}

/** Tasks, where deployments count instances: one that runs on an instance that drains counts as well. */
function runningOn(
  provider: CapacityProviderArn,
  { revision }: DaemonAim,
  { tasks }: CountedDaemon,
): number {
  return tasks.filter(
    (task) =>
      isServing(task) &&
      isOfRevision(task, revision) &&
      provider.endsWith(`/${task.capacityProviderName}`),
  ).length;
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
