import type {
  CreateDaemonRequest,
  DaemonDeploymentConfiguration as WireConfiguration,
  UpdateDaemonRequest,
} from '@aws-sdk/client-ecs';
import {
  capacityProviderArn,
  daemonRevisionArn,
  type CapacityProviderArn,
  type ClusterArn,
  type DaemonArn,
  type Scope,
} from '../arn.ts';
import {
  capacityProviderNamedNotFound,
  capacityProviderNotActive,
} from '../capacity-provider/capacity-provider-errors.ts';
import { parseCapacityProviderRef } from '../capacity-provider/capacity-provider-ref.ts';
import type { FindCapacityProvider } from '../capacity-provider/provider-kind.ts';
import { kindOf } from '../capacity-provider/provider-kind.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { DaemonTaskDefinition } from '../daemon-task-definition/daemon-task-definition.ts';
import { invalidParameter } from '../errors.ts';
import { lastPathElement } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { parseBakeTime } from '../service/deployment-configuration.ts';
import { containerImage } from '../service/image-pins.ts';
import { parseAlarms } from '../service/parse-alarms.ts';
import type { DaemonAim, DaemonRevision } from './daemon.ts';
import type { DaemonDeploymentConfiguration } from './daemon-deployment.ts';
import { notManagedInstances, providerOfOtherCluster } from './daemon-errors.ts';

/** ECS names no quota. [inferred, after that of strategies] */
const mostProviders = 20;

export const defaultDrainPercent = 25;

/** The members of which both CreateDaemon and UpdateDaemon make a deployment. */
export type DaemonRequest = Pick<
  CreateDaemonRequest & UpdateDaemonRequest,
  | 'capacityProviderArns'
  | 'critical'
  | 'deploymentConfiguration'
  | 'enableECSManagedTags'
  | 'enableExecuteCommand'
  | 'propagateTags'
>;

export interface DaemonPlace {
  readonly scope: Scope;
  readonly cluster: Cluster;
  readonly findCapacityProvider: FindCapacityProvider;
}

/**
 * Checks which capacity providers a daemon is for: ACTIVE ones of Managed Instances, of its own cluster.
 * @throws EcsError
 */
export function parseProviders(
  given: readonly string[] = [],
  { scope, cluster, findCapacityProvider: find }: DaemonPlace,
): readonly CapacityProviderArn[] {
  if (given.length === 0) throw invalidParameter('capacityProviderArns cannot be empty.');
  if (given.length > mostProviders) {
    throw invalidParameter(`capacityProviderArns can have at most ${mostProviders} items.`);
  }
  const names = given.map((ref) => lastPathElement(parseCapacityProviderRef(scope, ref)));
  for (const name of names) {
    const kind = kindOf(name, find);
    if (kind === undefined) throw capacityProviderNamedNotFound(name);
    const provider = find(name);
    if (provider?.type !== 'MANAGED_INSTANCES') throw notManagedInstances(name);
    if (provider.clusterArn !== cluster.arn) throw providerOfOtherCluster(name);
    if (provider.status !== 'ACTIVE' && provider.status !== 'PROVISIONING') {
      throw capacityProviderNotActive(name);
    }
  }
  return [...new Set(names)].map((name) => capacityProviderArn(scope, name));
}

/**
 * Whatever is left out has its default, in UpdateDaemon as well (Developer Guide, "Update a daemon").
 * @throws EcsError InvalidParameterException [inferred texts]
 */
export function parseDaemonConfiguration(
  given: WireConfiguration = {},
): DaemonDeploymentConfiguration {
  const { drainPercent = defaultDrainPercent, bakeTimeInMinutes = 0 } = given;
  if (!(drainPercent > 0 && drainPercent <= 100)) {
    throw invalidParameter('drainPercent must be greater than 0 and at most 100');
  }
  const { alarmNames, enable } = parseAlarms({
    alarmNames: [],
    enable: false,
    ...given.alarms,
    rollback: true,
  });
  return {
    drainPercent,
    bakeTimeInMinutes: parseBakeTime(bakeTimeInMinutes) ?? 0,
    alarms: { alarmNames, enable },
  };
}

export interface NewDaemonRevision {
  readonly daemonArn: DaemonArn;
  readonly clusterArn: ClusterArn;
  readonly definition: DaemonTaskDefinition;
  /** 19 decimal digits. */
  readonly digits: string;
  readonly now: Instant;
}

/** What is left out has its default here as well: `critical` is true again. */
function newDaemonRevision(input: DaemonRequest, args: NewDaemonRevision): DaemonRevision {
  const { daemonArn, clusterArn, definition, digits, now } = args;
  return {
    arn: daemonRevisionArn(daemonArn, digits),
    daemonArn,
    clusterArn,
    taskDefinitionArn: definition.arn,
    containerImages: definition.content.containerDefinitions.map(containerImage),
    propagateTags: parsePropagateTags(input.propagateTags),
    enableECSManagedTags: input.enableECSManagedTags ?? false,
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    critical: input.critical ?? true,
    createdAt: now,
  };
}

/** @throws EcsError */
export function parseDaemonAim(
  input: DaemonRequest,
  place: DaemonPlace,
  args: NewDaemonRevision,
): DaemonAim {
  const capacityProviderArns = parseProviders(input.capacityProviderArns, place);
  checkRole(input, args.definition);
  return { revision: newDaemonRevision(input, args), capacityProviderArns };
}

/** [inferred text, after that of services] */
function checkRole({ enableExecuteCommand }: DaemonRequest, { content }: DaemonTaskDefinition) {
  if (!enableExecuteCommand || content.taskRoleArn) return;
  throw invalidParameter(
    'A valid taskRoleArn is not being used. Specify a valid task role in your daemon task definition ' +
      'and try again.',
  );
}

/** [inferred text] */
function parsePropagateTags(given: string | undefined): DaemonRevision['propagateTags'] {
  if (given === undefined || given === 'NONE') return 'NONE';
  if (given === 'DAEMON') return given;
  throw invalidParameter('Propagate tags should be one of [DAEMON,NONE]');
}
