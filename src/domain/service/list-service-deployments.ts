import type { ListServiceDeploymentsRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { ServiceDeployment, ServiceDeploymentStatus } from './service-deployment.ts';

const statuses: readonly ServiceDeploymentStatus[] = [
  'PENDING',
  'SUCCESSFUL',
  'STOPPED',
  'STOP_REQUESTED',
  'IN_PROGRESS',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];

/** A checked ListServiceDeployments request. */
export interface ServiceDeploymentFilter {
  readonly maxResults: number;
  readonly matches: (deployment: ServiceDeployment) => boolean;
}

/** @throws EcsError [inferred texts] */
export function parseServiceDeploymentFilter({
  status: wanted = [],
  createdAt: { before, after } = {},
  maxResults = 20,
}: ListServiceDeploymentsRequest): ServiceDeploymentFilter {
  const known: readonly string[] = statuses;
  if (wanted.some((status) => !known.includes(status))) {
    throw invalidParameter(`status should be one of [${statuses.join(',')}]`);
  }
  if (maxResults > 100) throw invalidParameter('Max results can not be greater than 100');
  if (maxResults < 1) throw invalidParameter('Max results can not be lesser than 1');
  return {
    maxResults,
    matches: ({ status, createdAt }) =>
      (wanted.length === 0 || wanted.includes(status)) &&
      (before === undefined || createdAt < before.getTime()) &&
      (after === undefined || createdAt > after.getTime()),
  };
}
