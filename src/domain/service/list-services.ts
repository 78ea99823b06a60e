import type { ListServicesRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';

/** A checked ListServices request. */
export interface ServiceFilter {
  readonly maxResults: number;
  readonly launchType: string | undefined;
  readonly schedulingStrategy: string | undefined;
  /** The request asks for what no service here is: one that ECS manages. */
  readonly none: boolean;
}

const launchTypes = ['EC2', 'FARGATE', 'EXTERNAL', 'FMI', 'MANAGED_INSTANCES'];

/** @throws EcsError */
export function parseServiceFilter(input: ListServicesRequest): ServiceFilter {
  const { launchType, schedulingStrategy, resourceManagementType } = input;
  checkOneOf('launch type', launchType, launchTypes);
  checkOneOf('Scheduling strategy', schedulingStrategy, ['REPLICA', 'DAEMON']);
  checkOneOf('Resource management type', resourceManagementType, ['CUSTOMER', 'ECS']);
  return {
    maxResults: parseServicePageSize(input.maxResults),
    launchType: launchType || undefined,
    schedulingStrategy: schedulingStrategy || undefined,
    none: resourceManagementType === 'ECS',
  };
}

function checkOneOf(member: string, given: string | undefined, known: readonly string[]): void {
  if (!given || known.includes(given)) return;
  throw invalidParameter(`${member} should be one of [${known.join(',')}]`);
}

/** @throws EcsError InvalidParameterException */
export function parseServicePageSize(maxResults = 10): number {
  if (maxResults > 100) throw invalidParameter('Max results can not be greater than 100');
  // [inferred text]
  if (maxResults < 1) throw invalidParameter('Max results can not be lesser than 1');
  return maxResults;
}
