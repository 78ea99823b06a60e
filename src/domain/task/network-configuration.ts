import type { AwsVpcConfiguration, RunTaskRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { TaskDefinition } from '../task-definition/task-definition.ts';
import type { LaunchType } from './task.ts';

/**
 * Checks the network configuration of a launch. Longshore keeps no VPC: any well-formed subnet and
 * security group is taken to exist.
 * @returns undefined where the definition's network mode is not `awsvpc`
 * @throws EcsError InvalidParameterException
 */
export function parseNetwork(
  { networkConfiguration }: Pick<RunTaskRequest, 'networkConfiguration'>,
  launchType: LaunchType,
  { content }: TaskDefinition,
): AwsVpcConfiguration | undefined {
  const given = networkConfiguration?.awsvpcConfiguration;
  if (content.networkMode !== 'awsvpc') {
    if (!given) return undefined;
    throw invalidParameter(
      'Network Configuration is not valid for the given networkMode of this task definition.',
    );
  }
  if (!given) {
    throw invalidParameter(
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    );
  }
  checkSubnets(given.subnets ?? []);
  checkSecurityGroups(given.securityGroups ?? []);
  checkPublicIp(given.assignPublicIp, launchType);
  return given;
}

function checkSubnets(subnets: readonly string[]): void {
  if (subnets.length === 0) throw invalidParameter('subnets can not be empty.');
  if (subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.');
  const unknown = subnets.find((subnet) => !/^subnet-[0-9A-Za-z]{1,32}$/.test(subnet));
  if (unknown === undefined) return;
  throw invalidParameter(
    `Error retrieving subnet information for [${unknown}]: The subnet ID '${unknown}' does not exist ` +
      '(ErrorCode: InvalidSubnetID.NotFound)',
  );
}

function checkSecurityGroups(groups: readonly string[]): void {
  if (groups.length > 5) throw invalidParameter('securityGroups can have at most 5 items.');
  const unknown = groups.find((group) => !/^sg-[0-9A-Za-z]{1,32}$/.test(group));
  if (unknown === undefined) return;
  throw invalidParameter(
    `Error retrieving security group information for [${unknown}]: The security group '${unknown}' ` +
      'does not exist (ErrorCode: InvalidGroup.NotFound)',
  );
}

function checkPublicIp(assignPublicIp: string | undefined, launchType: LaunchType): void {
  if (assignPublicIp === undefined || assignPublicIp === 'DISABLED') return;
  if (assignPublicIp !== 'ENABLED') {
    throw invalidParameter('assignPublicIp should be one of [DISABLED,ENABLED]');
  }
  if (launchType !== 'FARGATE') {
    throw invalidParameter('Assign public IP is not supported for this launch type.');
  }
}
