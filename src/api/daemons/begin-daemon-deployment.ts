import { daemonDeploymentArn, type DaemonArn, type DaemonDeploymentArn } from '../../domain/arn.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import {
  daemonTaskDefinitionNotFound,
  requireActive,
} from '../../domain/daemon-task-definition/daemon-task-definition.ts';
import type { Daemon, DaemonAim } from '../../domain/daemon/daemon.ts';
import {
  daemonStatusReasons,
  daemonStopRequested,
  newDaemonDeployment,
  type DaemonDeploymentConfiguration,
} from '../../domain/daemon/daemon-deployment.ts';
import {
  parseDaemonAim,
  parseDaemonConfiguration,
  type DaemonRequest,
} from '../../domain/daemon/parse-daemon.ts';
import { alarmsNeedCloudWatch } from '../../domain/service/alarms.ts';
import { revisionDigits, serviceDeploymentId } from '../../domain/service/service-ids.ts';
import {
  daemonTaskDefinitions,
  parseTaskDefinitionRef,
} from '../../domain/task-definition/task-definition-ref.ts';
import type { Transaction } from '../../state/state.ts';
import { knownCapacityProviders } from '../capacity-providers/known-capacity-providers.ts';
import { requireDaemonTaskDefinition } from '../daemon-task-definitions/require-daemon-task-definition.ts';
import type { RequestContext } from '../operation.ts';

/** What CreateDaemon and UpdateDaemon ask to be deployed. */
export interface AskedDeployment {
  readonly arn: DaemonDeploymentArn;
  readonly aim: DaemonAim;
  readonly configuration: DaemonDeploymentConfiguration;
}

/** @throws EcsError */
export function parseDeployment(
  tx: Transaction,
  ctx: RequestContext,
  input: DaemonRequest & { readonly daemonTaskDefinitionArn: string | undefined },
  { cluster, daemonArn }: { readonly cluster: Cluster; readonly daemonArn: DaemonArn },
): AskedDeployment {
  const { scope, now, newId, reach } = ctx;
  const text = input.daemonTaskDefinitionArn;
  const ref = parseTaskDefinitionRef(scope, text, undefined, daemonTaskDefinitions);
  const definition = requireDaemonTaskDefinition(tx, scope, ref, daemonTaskDefinitionNotFound);
  requireActive(definition);
  const configuration = parseDaemonConfiguration(input.deploymentConfiguration);
  if (configuration.alarms.enable && !reach.cloudWatch) throw alarmsNeedCloudWatch();
  const { find: findCapacityProvider } = knownCapacityProviders(tx, scope);
  const digits = revisionDigits(newId());
  const aim = parseDaemonAim(
    input,
    { scope, cluster, findCapacityProvider },
    { daemonArn, clusterArn: cluster.arn, definition, digits, now },
  );
  return { arn: newDeploymentArn(ctx, daemonArn), aim, configuration };
}

export function newDeploymentArn(
  { newId }: RequestContext,
  daemonArn: DaemonArn,
): DaemonDeploymentArn {
  return daemonDeploymentArn(daemonArn, serviceDeploymentId(newId()));
}

/** Records the deployment of a new daemon, or of one that changes. */
export function beginDaemonDeployment(
  tx: Transaction,
  { now }: RequestContext,
  { arn, aim, configuration }: AskedDeployment,
  daemon: Daemon,
): void {
  const sources = sourcesOf(tx.daemons.findByArn(daemon.arn));
  stopUnfinished(tx, daemon, daemonStatusReasons.superseded, now);
  tx.daemonRevisions.put(aim.revision);
  tx.daemonDeployments.put(
    newDaemonDeployment({ arn, daemon, target: aim, sources, configuration, now }),
  );
  tx.daemons.put(daemon);
}

/** What is replaced: what runs, and what ran before where that was not done yet. */
export function sourcesOf(before: Daemon | undefined): readonly DaemonAim[] {
  if (!before) return [];
  const { aim, stable } = before;
  return stable && stable.revision.arn !== aim.revision.arn ? [aim, stable] : [aim];
}

export function stopUnfinished(
  tx: Transaction,
  { arn }: Pick<Daemon, 'arn'>,
  reason: string,
  now: number,
): void {
  for (const former of tx.daemonDeployments.unfinishedOf(arn)) {
    tx.daemonDeployments.put(daemonStopRequested(former, reason, now));
  }
}
