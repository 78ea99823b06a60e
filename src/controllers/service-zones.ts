import { scopeOfArn } from '../domain/arn.ts';
import {
  attributeValue,
  availabilityZoneAttribute,
} from '../domain/container-instance/container-instance.ts';
import { isBalanced } from '../domain/service/plan-rebalancing.ts';
import { primaryOf, type Service } from '../domain/service/service.ts';
import { zoneOf } from '../domain/task/new-task.ts';
import type { Task } from '../domain/task/task.ts';
import type { Transaction } from '../state/state.ts';
import type { Origin, ServicePlacement } from './service-placement.ts';

/** The Availability Zones that the tasks of a service are to be balanced over; none where they are not to be. */
export function zonesOf(
  tx: Transaction,
  placement: ServicePlacement,
  origin: Origin,
  tasks: readonly Task[],
): readonly string[] {
  const { service } = origin;
  const { revision } = primaryOf(service);
  if (!mayBalance(service)) return [];
  if (revision.launchType === 'FARGATE') {
    const scope = scopeOfArn(service.arn);
    return [...new Set(revision.network?.subnets?.map((subnet) => zoneOf(scope, subnet)))];
  }
  // Only where the cluster's zones are not used evenly does it matter which of them suit.
  const all = tx.placements.zones(service.clusterArn);
  if (isBalanced(tasks, all)) return all;
  const suited = placement.suited(tx, origin).flatMap(({ arn, agentConnected }) => {
    const instance = agentConnected ? tx.containerInstances.findByArn(arn) : undefined;
    return (instance && attributeValue(instance, availabilityZoneAttribute)) ?? [];
  });
  return [...new Set(suited)];
}

function mayBalance({ status, deployments, availabilityZoneRebalancing }: Service): boolean {
  if (status !== 'ACTIVE' || availabilityZoneRebalancing === 'DISABLED') return false;
  return deployments.length === 1 && deployments[0].rolloutState === 'COMPLETED';
}
