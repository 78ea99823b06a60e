import type { CreateServiceRequest } from '@aws-sdk/client-ecs';
import { lastPathElement, type ServiceArn } from '../arn.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { invalidParameter } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import {
  checkInstanceCount,
  parseRegistries,
  refuseClassicBalancers,
  type RegistryPlace,
} from '../service-discovery/parse-registries.ts';
import { parseTags, type Tag } from '../tags.ts';
import type { LaunchPlace } from '../task/launch.ts';
import { parseRevision, type RevisionContent } from './new-revision.ts';
import type {
  AnyService,
  Deployment,
  Service,
  ServiceRevision,
  ServiceSettings,
} from './service.ts';
import { notIdempotent, roleWithoutBalancers, stillDraining } from './service-errors.ts';
import { parseNewServiceName } from './service-ref.ts';
import { parseNewSettings } from './service-settings.ts';
import { noOwnRole, parseLoadBalancers } from './strategies/load-balancers.ts';
import {
  checkController,
  refuseRollingBalancers,
  refuseShiftedConnect,
  refuseUnsupported,
} from './unsupported-members.ts';

/** ECS's quota. */
export const maximumServicesPerCluster = 5000;

/** A checked CreateService request. */
export interface ServiceSpec {
  readonly name: string;
  readonly settings: ServiceSettings;
  readonly revision: RevisionContent;
  readonly tags: readonly Tag[];
}

/** @throws EcsError InvalidParameterException; only the first text is known, the others are [inferred] */
export function checkServiceToken(token: string | undefined): void {
  if (token === undefined) return;
  if (token.length > 36) throw invalidParameter('idempotency token longer than 36.');
  if (token.length === 0) throw invalidParameter('clientToken length should be in [1,36]');
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw invalidParameter('clientToken contains invalid characters.');
  }
}

/** @throws EcsError */
export function parseService(
  input: CreateServiceRequest,
  place: LaunchPlace & RegistryPlace,
): ServiceSpec {
  const name = parseNewServiceName(input.serviceName);
  checkServiceToken(input.clientToken);
  const revision = parseRevision(input, place, 'created');
  checkController(input);
  const settings = parseNewSettings(input, revision);
  const { loadBalancers: given = [] } = input;
  const serviceRegistries = parseRegistries(input.serviceRegistries, place);
  checkInstanceCount(serviceRegistries, settings.desiredCount);
  refuseClassicBalancers(serviceRegistries, given);
  checkServiceRole(input.role, [...given, ...(serviceRegistries ?? [])]);
  refuseUnsupported(input);
  refuseRollingBalancers(settings.deploymentConfiguration, given);
  refuseShiftedConnect(settings.deploymentConfiguration, revision);
  const loadBalancers = parseLoadBalancers(given, place.definition);
  const content = {
    ...revision,
    ...(loadBalancers.length > 0 && { loadBalancers }),
    ...present({ serviceRegistries }),
  };
  return { name, settings, revision: content, tags: parseTags(input.tags) };
}

/** What shifts traffic, and what is found in Cloud Map, is served by ECS's own role. */
function checkServiceRole(role: string | undefined, served: readonly unknown[]): void {
  if (!role) return;
  if (served.length > 0) throw noOwnRole();
  throw roleWithoutBalancers();
}

/**
 * What CreateService does where a service of the name is there already: a request with the client
 * token of the first one is a repeat, anything else a clash.
 * @throws EcsError
 */
export function checkServiceReplay(
  existing: AnyService,
  request: { readonly clientToken: string | undefined; readonly requestDigest: string },
): void {
  if (existing.status === 'DRAINING') throw stillDraining();
  const { clientToken, requestDigest } = existing.createdWith;
  const repeats = clientToken !== undefined && clientToken === request.clientToken;
  if (!repeats || requestDigest !== request.requestDigest) throw notIdempotent();
}

export interface NewService {
  readonly arn: ServiceArn;
  readonly cluster: Cluster;
  readonly spec: ServiceSpec;
  readonly revision: ServiceRevision;
  readonly createdBy: string;
  readonly clientToken: string | undefined;
  readonly requestDigest: string;
  readonly now: Instant;
}

/** An ACTIVE service whose first deployment has begun; its tasks are the scheduler's business. */
export function newService(args: NewService): Service {
  const { arn, cluster, spec, revision, createdBy, clientToken, requestDigest, now } = args;
  return {
    arn,
    name: spec.name,
    clusterArn: cluster.arn,
    status: 'ACTIVE',
    ...spec.settings,
    deployments: [newDeployment(revision, spec.settings.desiredCount)],
    events: [],
    tags: spec.tags,
    createdAt: now,
    createdBy,
    createdWith: { requestDigest, ...present({ clientToken }) },
  };
}

export function newDeployment(revision: ServiceRevision, desiredCount: number): Deployment {
  const id = `ecs-svc/${lastPathElement(revision.arn)}`;
  return {
    id,
    status: 'PRIMARY',
    revision,
    desiredCount,
    failedTasks: 0,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    startFailures: 0,
    createdAt: revision.createdAt,
    updatedAt: revision.createdAt,
  };
}
