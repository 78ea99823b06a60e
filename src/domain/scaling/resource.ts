import { serviceArn, scopeOfArn, type Scope, type ServiceArn } from '../arn.ts';
import { scalingConstraint, scalingValidation, unsupportedResource } from './scaling-error.ts';

export const serviceNamespace = 'ecs';
export const scalableDimension = 'ecs:service:DesiredCount';

/** The other services that Application Auto Scaling knows. */
const namespaces = [
  'ecs',
  'elasticmapreduce',
  'ec2',
  'appstream',
  'dynamodb',
  'rds',
  'sagemaker',
  'custom-resource',
  'comprehend',
  'lambda',
  'cassandra',
  'kafka',
  'elasticache',
  'neptune',
  'workspaces',
];

/** What names a scalable target in requests. */
export interface ResourceMembers {
  readonly ServiceNamespace: string | undefined;
  readonly ResourceId?: string | undefined;
  readonly ScalableDimension?: string | undefined;
}

/** The same of requests that may name many. */
export interface ManyResources extends Omit<ResourceMembers, 'ResourceId'> {
  readonly ResourceIds?: readonly string[] | undefined;
}

/** @throws ScalingError ValidationException */
export function parseNamespace(namespace: string | undefined): void {
  if (namespace === serviceNamespace) return;
  if (namespace !== undefined && namespaces.includes(namespace)) throw unsupportedResource();
  const known = `[${namespaces.join(', ')}]`;
  throw scalingConstraint('serviceNamespace', namespace, `satisfy enum value set: ${known}`);
}

/**
 * The service that a request is about.
 * @throws ScalingError ValidationException
 */
export function parseResource(scope: Scope, given: ResourceMembers): ServiceArn {
  parseNamespace(given.ServiceNamespace);
  if (!given.ResourceId) throw scalingConstraint('resourceId', given.ResourceId, 'not be null');
  if (given.ScalableDimension === undefined) {
    throw scalingConstraint('scalableDimension', undefined, 'not be null');
  }
  return parseResourceId(scope, given.ResourceId, given.ScalableDimension);
}

/**
 * What a list is narrowed to; undefined where it is not.
 * @throws ScalingError ValidationException
 */
export function parseOptionalResource(
  scope: Scope,
  given: ResourceMembers,
): ServiceArn | undefined {
  parseNamespace(given.ServiceNamespace);
  if (given.ResourceId !== undefined) {
    return parseResourceId(scope, given.ResourceId, given.ScalableDimension ?? scalableDimension);
  }
  if (given.ScalableDimension !== undefined) throw dimensionWithoutResource();
  return undefined;
}

/**
 * The services that a list is narrowed to; none where it is not.
 * @throws ScalingError ValidationException
 */
export function parseOptionalResources(
  scope: Scope,
  { ServiceNamespace, ResourceIds: ids = [], ScalableDimension: dimension }: ManyResources,
): readonly ServiceArn[] {
  parseNamespace(ServiceNamespace);
  if (ids.length === 0 && dimension !== undefined) throw dimensionWithoutResource();
  return ids.map((id) => parseResourceId(scope, id, dimension ?? scalableDimension));
}

/** @throws ScalingError ValidationException */
function parseResourceId(scope: Scope, id: string, dimension: string): ServiceArn {
  const [type, cluster, name, ...more] = id.split('/');
  const isService = type === 'service' && cluster && name && more.length === 0;
  if (!isService || dimension !== scalableDimension) throw unsupportedResource();
  return serviceArn(scope, cluster, name);
}

/** The identifier that stands for a service: `service/CLUSTER/NAME`. */
export function resourceIdOf(arn: ServiceArn): string {
  return arn.slice(arn.indexOf(':service/') + 1);
}

/** The role that Application Auto Scaling has in each account for services of ECS. */
export function serviceLinkedRole(arn: ServiceArn): string {
  const { partition, accountId } = scopeOfArn(arn);
  return (
    `arn:${partition}:iam::${accountId}:role/aws-service-role/` +
    'ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService'
  );
}

/** [inferred text] */
function dimensionWithoutResource(): Error {
  return scalingValidation('ResourceId must be specified along with ScalableDimension');
}
