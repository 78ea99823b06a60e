import type { AwsVpcConfiguration, CreateServiceRequest } from '@aws-sdk/client-ecs';
import { serviceRevisionArn, type ServiceArn } from '../arn.ts';
import { storageKeyOf } from '../cluster/parse-configuration.ts';
import { invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import {
  parseServiceConnect,
  type ServiceConnectSpec,
} from '../service-connect/parse-service-connect.ts';
import type { ServiceConnect } from '../service-connect/service-connect.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import { parseLaunch, type LaunchPlace } from '../task/launch.ts';
import { parseNetwork } from '../task/network-configuration.ts';
import { parseOverrides, sizeOf } from '../task/overrides.ts';
import { checkPlacement } from '../task/placement-request.ts';
import { checkPlatform } from '../task/platform-compatibility.ts';
import { parseVolumeConfigurations } from '../task/managed-volume.ts';
import { containerImage } from './image-pins.ts';
import type { ServiceRevision } from './service.ts';

/** The members of a request that a revision is made of. */
export type RevisionRequest = Pick<
  CreateServiceRequest,
  | 'capacityProviderStrategy'
  | 'enableExecuteCommand'
  | 'launchType'
  | 'networkConfiguration'
  | 'placementConstraints'
  | 'placementStrategy'
  | 'platformVersion'
  | 'serviceConnectConfiguration'
  | 'volumeConfigurations'
>;

/** What a revision says, without who it is. */
export type RevisionContent = Omit<
  ServiceRevision,
  'arn' | 'serviceArn' | 'clusterArn' | 'createdAt' | 'serviceConnect'
> & {
  /** As it was asked for; what it comes to depends on the others in the namespace. */
  readonly serviceConnect?: ServiceConnectSpec;
};

/**
 * Checks what the tasks of a service are to be started with.
 * @throws EcsError
 */
export function parseRevision(
  input: RevisionRequest,
  place: LaunchPlace,
  done: 'created' | 'updated',
): RevisionContent {
  const { definition } = place;
  if (input.launchType !== undefined && input.capacityProviderStrategy?.length)
    throw bothLaunches();
  const launch = parseLaunch(input, 1, place);
  const { launchType, strategy, platformVersion, platformFamily } = launch;
  checkPlacement(input, launchType, definition);
  const network = parseNetwork(input, launchType, definition);
  const overrides = parseOverrides(undefined, definition);
  const { ephemeralStorageGiB } = sizeOf(definition, overrides, launchType);
  const enableExecuteCommand = input.enableExecuteCommand ?? false;
  if (enableExecuteCommand) checkRole(definition, done);
  const { content } = definition;
  checkPlatform({ platformVersion, content, ephemeralStorageGiB, enableExecuteCommand });
  const { volumeConfigurations = [] } = input;
  parseVolumeConfigurations(volumeConfigurations, definition, invalidParameter);
  return {
    taskDefinitionArn: definition.arn,
    launchType,
    containerImages: content.containerDefinitions.map(containerImage),
    ...present({
      capacityProviderStrategy: strategy,
      requestedPlatformVersion:
        launchType === 'FARGATE' ? input.platformVersion || 'LATEST' : undefined,
      platformVersion,
      platformFamily,
      network: network && withDefaults(network),
      fargateStorageKmsKeyId: launchType === 'FARGATE' ? storageKeyOf(place.cluster) : undefined,
      volumeConfigurations: volumeConfigurations.length > 0 ? volumeConfigurations : undefined,
      serviceConnect: parseServiceConnect(
        input.serviceConnectConfiguration,
        definition,
        launchType,
      ),
    }),
  };
}

/** A network configuration as services show it. */
function withDefaults(given: AwsVpcConfiguration): AwsVpcConfiguration {
  const { subnets, securityGroups = [], assignPublicIp = 'DISABLED' } = given;
  return { subnets, securityGroups, assignPublicIp };
}

function bothLaunches(): Error {
  return invalidParameter(
    'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
  );
}

function checkRole({ content }: TaskDefinition, done: 'created' | 'updated'): void {
  if (content.taskRoleArn) return;
  throw invalidParameter(
    `The service couldn't be ${done} because a valid taskRoleArn is not being used. Specify a valid ` +
      'task role in your task definition and try again.',
  );
}

export interface NewRevision {
  readonly serviceArn: ServiceArn;
  readonly clusterArn: ServiceRevision['clusterArn'];
  readonly content: RevisionContent;
  readonly serviceConnect?: ServiceConnect | undefined;
  /** 19 decimal digits. */
  readonly digits: string;
  readonly now: Instant;
}

export function newRevision(args: NewRevision): ServiceRevision {
  const { serviceArn, clusterArn, serviceConnect, digits, now } = args;
  const { serviceConnect: _, ...content } = args.content;
  return {
    arn: serviceRevisionArn(serviceArn, digits),
    serviceArn,
    clusterArn,
    ...content,
    ...present({ serviceConnect }),
    createdAt: now,
  };
}
