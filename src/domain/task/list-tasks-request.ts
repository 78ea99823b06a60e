import type { ListTasksRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { DesiredStatus, LaunchType } from './task.ts';

/** A checked ListTasks request. */
export interface TaskFilter {
  /** `PENDING` is taken and finds nothing: no task is ever wanted PENDING. */
  readonly desiredStatus: DesiredStatus | 'PENDING';
  readonly family: string | undefined;
  readonly startedBy: string | undefined;
  readonly launchType: LaunchType | undefined;
}

/** @throws EcsError */
export function parseTaskFilter(input: ListTasksRequest): TaskFilter {
  const { family, serviceName, startedBy, containerInstance, daemonName } = input;
  const others = [family, serviceName, daemonName, containerInstance, input.launchType];
  if (startedBy && [...others, input.desiredStatus].some(Boolean)) {
    throw invalidParameter('cannot specify startedBy with other arguments');
  }
  if (serviceName && (family || containerInstance)) {
    throw invalidParameter('cannot specify serviceName with other arguments');
  }
  const filter = {
    desiredStatus: parseDesiredStatus(input.desiredStatus),
    launchType: parseLaunchTypeFilter(input.launchType),
    family: family || undefined,
    startedBy: startedBy || undefined,
  };
  if (daemonName && (family || serviceName || containerInstance)) {
    throw invalidParameter('cannot specify daemonName with other arguments');
  }
  return filter;
}

function parseDesiredStatus(status: string | undefined): TaskFilter['desiredStatus'] {
  switch (status) {
    case undefined:
    case '':
    case 'RUNNING':
      return 'RUNNING';
    case 'PENDING':
    case 'STOPPED':
      return status;
    default:
      throw invalidParameter('desiredStatus should be one of [PENDING,RUNNING,STOPPED]');
  }
}

function parseLaunchTypeFilter(launchType: string | undefined): LaunchType | undefined {
  switch (launchType) {
    case undefined:
    case '':
      return undefined;
    case 'EC2':
    case 'FARGATE':
    case 'EXTERNAL':
    case 'MANAGED_INSTANCES':
      return launchType;
    default:
      throw invalidParameter(
        'launch type should be one of [EC2,FARGATE,EXTERNAL,FMI,MANAGED_INSTANCES]',
      );
  }
}
