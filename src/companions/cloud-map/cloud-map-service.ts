/**
 * What of Cloud Map those who use ECS need: namespaces, services, instances, and how they are discovered. DNS reads the same records.
 */
import { randomInt } from 'node:crypto';
import { partitionOf } from '../../domain/arn.ts';
import { CloudMapError } from '../../domain/cloud-map/cloud-map-error.ts';
import type { Fault, JsonOperation, JsonService } from '../../protocol/service.ts';
import type { State } from '../../state/state.ts';
import { sdkOperation } from '../sdk-operation.ts';
import type { CloudMapContext } from './cloud-map-context.ts';
import {
  createHttpNamespace,
  createPrivateDnsNamespace,
  createPublicDnsNamespace,
} from './create-namespace.ts';
import { createService } from './create-service.ts';
import { deleteNamespace } from './delete-namespace.ts';
import { deleteService } from './delete-service.ts';
import { deregisterInstance } from './deregister-instance.ts';
import { discoverInstances, discoverInstancesRevision } from './discover-instances.ts';
import { getInstance } from './get-instance.ts';
import { getInstancesHealthStatus } from './get-instances-health-status.ts';
import { getNamespace } from './get-namespace.ts';
import { getOperation } from './get-operation.ts';
import { getService } from './get-service.ts';
import { listInstances } from './list-instances.ts';
import { listNamespaces } from './list-namespaces.ts';
import { listOperations } from './list-operations.ts';
import { listServices } from './list-services.ts';
import { registerInstance } from './register-instance.ts';
import { listTagsForResource, tagResource, untagResource } from './tag-resource.ts';
import { updateInstanceCustomHealthStatus } from './update-instance-custom-health-status.ts';
import {
  updateHttpNamespace,
  updatePrivateDnsNamespace,
  updatePublicDnsNamespace,
} from './update-namespace.ts';
import { updateService } from './update-service.ts';

const sdkPackage = '@aws-sdk/client-servicediscovery';

const handlers = {
  CreateHttpNamespace: createHttpNamespace,
  CreatePrivateDnsNamespace: createPrivateDnsNamespace,
  CreatePublicDnsNamespace: createPublicDnsNamespace,
  CreateService: createService,
  DeleteNamespace: deleteNamespace,
  DeleteService: deleteService,
  DeregisterInstance: deregisterInstance,
  DiscoverInstances: discoverInstances,
  DiscoverInstancesRevision: discoverInstancesRevision,
  GetInstance: getInstance,
  GetInstancesHealthStatus: getInstancesHealthStatus,
  GetNamespace: getNamespace,
  GetOperation: getOperation,
  GetService: getService,
  ListInstances: listInstances,
  ListNamespaces: listNamespaces,
  ListOperations: listOperations,
  ListServices: listServices,
  ListTagsForResource: listTagsForResource,
  RegisterInstance: registerInstance,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateHttpNamespace: updateHttpNamespace,
  UpdateInstanceCustomHealthStatus: updateInstanceCustomHealthStatus,
  UpdatePrivateDnsNamespace: updatePrivateDnsNamespace,
  UpdatePublicDnsNamespace: updatePublicDnsNamespace,
  UpdateService: updateService,
} as const;

export interface CloudMapParts {
  readonly state: State;
  readonly newId: () => string;
}

export function cloudMapService(parts: CloudMapParts): JsonService {
  const operations = Object.entries(handlers).map(([name, handler]) =>
    operationOf(name, handler, parts),
  );
  return {
    targetPrefix: 'Route53AutoNaming_v20170314',
    signingName: 'servicediscovery',
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    unserved: (operation) =>
      `${operation} is not implemented in this release of Longshore. docs/cloud-map.md lists what is.`,
  };
}

/** Which errors a caller is told about. */
export function cloudMapFaultOf(error: unknown): Fault | undefined {
  if (!(error instanceof CloudMapError)) return undefined;
  const { code, message, members } = error;
  return { code, message, members };
}

// The table ties each handler to its types; here, where all are alike, only the schema knows them.
type AnyHandler = (input: never, ctx: CloudMapContext) => object;

function operationOf(name: string, handler: AnyHandler, parts: CloudMapParts): JsonOperation {
  return sdkOperation(sdkPackage, name, (input, { region, accountId, now }) => {
    const scope = { partition: partitionOf(region), region, accountId };
    return handler(input as never, { ...parts, scope, now, shuffled });
  });
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, place: randomInt(2 ** 32) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
