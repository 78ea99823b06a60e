import type { DaemonArn, DaemonDeploymentArn } from '../arn.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import type { Tag } from '../tags.ts';
import type { Daemon, DaemonAim } from './daemon.ts';
import type { DaemonDeploymentConfiguration } from './daemon-deployment.ts';
import { daemonNotIdempotent, daemonStillDraining } from './daemon-errors.ts';

/** What a daemon is to run from now on. */
interface Asked {
  readonly arn: DaemonDeploymentArn;
  readonly aim: DaemonAim;
  readonly configuration: DaemonDeploymentConfiguration;
}

interface CreateRequest {
  readonly clientToken: string | undefined;
  readonly requestDigest: string;
}

/**
 * What CreateDaemon does where a daemon of the name is there already: a request with the client token of
 * the first one is a repeat, anything else a clash.
 * @throws EcsError
 */
export function checkDaemonReplay(existing: Daemon, request: CreateRequest): void {
  if (existing.status !== 'ACTIVE') throw daemonStillDraining();
  const { clientToken, requestDigest } = existing.createdWith;
  const repeats = clientToken !== undefined && clientToken === request.clientToken;
  if (!repeats || requestDigest !== request.requestDigest) throw daemonNotIdempotent();
}

export interface NewDaemon {
  readonly arn: DaemonArn;
  readonly cluster: Cluster;
  readonly name: string;
  readonly asked: Asked;
  readonly tags: readonly Tag[];
  readonly request: CreateRequest;
  readonly now: Instant;
}

/** ACTIVE at once; its tasks are the controller's business. */
export function newDaemon({ arn, cluster, name, asked, tags, request, now }: NewDaemon): Daemon {
  const { clientToken, requestDigest } = request;
  return {
    arn,
    clusterArn: cluster.arn,
    name,
    status: 'ACTIVE',
    aim: asked.aim,
    deploymentArn: asked.arn,
    drainPercent: asked.configuration.drainPercent,
    troubles: {},
    tags,
    createdWith: { requestDigest, ...present({ clientToken }) },
    createdAt: now,
    updatedAt: now,
  };
}

/** What it is rolled back to stays what the last successful deployment brought. */
export function updatedDaemon(before: Daemon, asked: Asked, now: Instant): Daemon {
  const { isHalted: _, ...rest } = before;
  return {
    ...rest,
    aim: asked.aim,
    deploymentArn: asked.arn,
    drainPercent: asked.configuration.drainPercent,
    troubles: {},
    updatedAt: now,
  };
}

export function deletedDaemon(
  before: Daemon,
  { arn, configuration, now }: Omit<Asked, 'aim'> & { readonly now: Instant },
): Daemon {
  const { isHalted: _, ...rest } = before;
  return {
    ...rest,
    status: 'DELETE_IN_PROGRESS',
    deploymentArn: arn,
    drainPercent: configuration.drainPercent,
    troubles: {},
    updatedAt: now,
  };
}
