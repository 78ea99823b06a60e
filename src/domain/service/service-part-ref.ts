import { serviceArn, serviceDeploymentArn, serviceRevisionArn } from '../arn.ts';
import type { Scope, ServiceDeploymentArn, ServiceRevisionArn } from '../arn.ts';
import { unexpectedSeparators } from '../cluster/cluster-ref.ts';
import { EcsError, invalidParameter } from '../errors.ts';
import { parseServiceArn } from './service-ref.ts';

const mostArns = 20;

/** @throws EcsError InvalidParameterException [inferred texts] */
export function checkArnCount(member: string, given: readonly string[] = []): readonly string[] {
  if (given.length === 0) throw invalidParameter(`${member} cannot be empty.`);
  if (given.length > mostArns) {
    throw invalidParameter(`${member} can have at most ${mostArns} items.`);
  }
  return given;
}

/** @throws EcsError InvalidParameterException for what is no ARN of a service deployment */
export function parseServiceDeploymentArn(scope: Scope, text: string): ServiceDeploymentArn {
  const { clusterName, serviceName, id } = pathOf(scope, 'service-deployment', text);
  return serviceDeploymentArn(serviceArn(scope, clusterName, serviceName), id);
}

/** @throws EcsError InvalidParameterException for what is no ARN of a service revision */
export function parseServiceRevisionArn(scope: Scope, text: string): ServiceRevisionArn {
  const { clusterName, serviceName, id } = pathOf(scope, 'service-revision', text);
  return serviceRevisionArn(serviceArn(scope, clusterName, serviceName), id);
}

function pathOf(scope: Scope, type: string, text: string) {
  const { resourceType, path } = parseServiceArn(scope, text);
  if (resourceType !== type) throw invalidParameter(`Unsupported resource type: ${resourceType}`);
  const [clusterName = '', serviceName = '', id] = path;
  if (id === undefined || path.length > 3) throw unexpectedSeparators();
  return { clusterName, serviceName, id };
}

export function serviceDeploymentNotFound(): EcsError {
  return new EcsError(
    'ServiceDeploymentNotFoundException',
    'The service deployment does not exist.',
  );
}
