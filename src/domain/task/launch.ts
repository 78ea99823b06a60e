import type { RunTaskRequest } from '@aws-sdk/client-ecs';
import { scopeOfArn } from '../arn.ts';
import { capacityProviderNamedNotFound } from '../capacity-provider/capacity-provider-errors.ts';
import {
  kindOf,
  launchTypeOf,
  type FindCapacityProvider,
} from '../capacity-provider/provider-kind.ts';
import {
  checkStrategy,
  distribute,
  parseStrategy,
  requireWeight,
  type StrategyItem,
} from '../capacity-provider/strategy.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { EcsError, invalidParameter } from '../errors.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { LaunchType } from './task.ts';

/** How the tasks of a call are launched. */
export interface Launch {
  readonly launchType: LaunchType;
  /** One entry a task: the capacity provider that it is counted to, where a strategy chose it. */
  readonly providers: readonly (string | undefined)[];
  /** The strategy that chose them, given or the cluster's default. */
  readonly strategy: readonly StrategyItem[] | undefined;
  readonly platformVersion: string | undefined;
  readonly platformFamily: string | undefined;
}

/** What a launch is checked against. */
export interface LaunchPlace {
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  readonly findCapacityProvider: FindCapacityProvider;
}

type LaunchRequest = Pick<
  RunTaskRequest,
  'launchType' | 'capacityProviderStrategy' | 'platformVersion'
>;

/**
 * Resolves the launch type: the one given, else the strategy given, else the cluster's default
 * strategy, else EC2 (nothing ever means FARGATE by itself).
 * @throws EcsError
 */
export function parseLaunch(
  input: LaunchRequest,
  count: number,
  { cluster, definition, findCapacityProvider: find }: LaunchPlace,
): Launch {
  const strategy = chooseStrategy(input, cluster, find);
  const launchType = strategy
    ? launchTypeOf(strategy[0]?.capacityProvider, find)
    : parseLaunchType(input.launchType);
  if (!definition.compatibilities.includes(launchType)) {
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
  }
  const windows = definition.content.runtimePlatform?.operatingSystemFamily?.startsWith('WINDOWS');
  return {
    launchType,
    strategy,
    providers: strategy ? distribute(strategy, count) : Array<undefined>(count).fill(undefined),
    platformVersion: parsePlatformVersion(input.platformVersion, launchType, windows ?? false),
    platformFamily: launchType === 'FARGATE' ? platformFamily(definition) : undefined,
  };
}

function chooseStrategy(
  { launchType, capacityProviderStrategy: given }: LaunchRequest,
  cluster: Cluster,
  find: FindCapacityProvider,
): readonly StrategyItem[] | undefined {
  if (given && given.length > 0) {
    if (launchType !== undefined) {
      throw invalidParameter('You may choose a capacity provider or a launch type but not both.');
    }
    const items = parseStrategy(scopeOfArn(cluster.arn), given);
    checkKnown(items, find);
    checkStrategy(items, cluster.capacityProviders, find);
    requireWeight(items, 'request');
    return items;
  }
  const byDefault = cluster.defaultCapacityProviderStrategy;
  if (launchType !== undefined || byDefault.length === 0) return undefined;
  checkStrategy(byDefault, cluster.capacityProviders, find);
  requireWeight(byDefault, 'default');
  return byDefault;
}

function checkKnown(items: readonly StrategyItem[], find: FindCapacityProvider): void {
  for (const { capacityProvider: name } of items) {
    if (kindOf(name, find) === undefined) throw capacityProviderNamedNotFound(name);
  }
}

function parseLaunchType(launchType: string | undefined): LaunchType {
  switch (launchType) {
    case undefined:
    case '':
      return 'EC2';
    case 'EC2':
    case 'FARGATE':
    case 'EXTERNAL':
      return launchType;
    case 'MANAGED_INSTANCES':
      // [inferred text]
      throw invalidParameter(
        'MANAGED_INSTANCES tasks are launched with a capacity provider strategy, not with a launch type.',
      );
    default:
      throw invalidParameter(
        'launch type should be one of [EC2,FARGATE,EXTERNAL,FMI,MANAGED_INSTANCES]',
      );
  }
}

const linuxVersions = ['1.4.0', '1.3.0'];

function parsePlatformVersion(
  given: string | undefined,
  launchType: LaunchType,
  windows: boolean,
): string | undefined {
  if (launchType !== 'FARGATE') {
    if (!given) return undefined;
    throw invalidParameter('The platform version must be null when specifying an EC2 launch type.');
  }
  if (!given || given === 'LATEST') return windows ? '1.0.0' : '1.4.0';
  if (windows ? given === '1.0.0' : linuxVersions.includes(given)) return given;
  throw new EcsError('PlatformUnknownException', 'The specified platform does not exist.');
}

/** As tasks show it: `Linux`, `Windows_Server_2022_Core`. */
function platformFamily({ content }: TaskDefinition): string {
  const family = content.runtimePlatform?.operatingSystemFamily;
  if (family === undefined || family === 'LINUX') return 'Linux';
  return family
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('_');
}
