import type { ListDaemonDeploymentsRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import type { DaemonDeployment } from './daemon-deployment.ts';

const statuses: readonly DaemonDeployment['status'][] = [
  'PENDING',
  'SUCCESSFUL',
  'STOPPED',
  'STOP_REQUESTED',
  'IN_PROGRESS',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];

/** A page has 20 unless the request says otherwise. */
const usualPage = 20;

/** A checked ListDaemonDeployments request. */
export interface DaemonDeploymentFilter {
  readonly maxResults: number;
  readonly matches: (deployment: DaemonDeployment) => boolean;
}

/** @throws EcsError InvalidParameterException [inferred text] */
export function parseDaemonDeploymentFilter({
  status: wanted = [],
  createdAt: { before, after } = {},
  maxResults = usualPage,
}: ListDaemonDeploymentsRequest): DaemonDeploymentFilter {
  const known: readonly string[] = statuses;
  if (wanted.some((status) => !known.includes(status))) {
    throw invalidParameter(`status should be one of [${statuses.join(',')}]`);
  }
  return {
    maxResults,
    matches: ({ status, createdAt }) =>
      (wanted.length === 0 || wanted.includes(status)) &&
      (before === undefined || createdAt < before.getTime()) &&
      (after === undefined || createdAt > after.getTime()),
  };
}
