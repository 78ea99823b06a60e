import type { RegisterContainerInstanceRequest, VersionInfo } from '@aws-sdk/client-ecs';
import {
  containerInstanceArn,
  lastPathElement,
  scopeOfArn,
  type ContainerInstanceArn,
  type DaemonArn,
} from '../arn.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { clientError } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { present } from '../present.ts';
import { parseTags, type Tag } from '../tags.ts';
import { isBuiltInAttribute, isValidAttribute } from './attributes.ts';
import {
  attributeValue,
  availabilityZoneAttribute,
  capacityProviderAttribute,
  changedInstance,
  externalCapability,
  type Attribute,
  type ContainerInstance,
  type InstanceResources,
} from './container-instance.ts';
import { readIdentityDocument, type IdentityDocument } from './identity-document.ts';
import { parseResources } from './resources.ts';

/** A checked RegisterContainerInstance request. */
export interface Registration {
  readonly attributes: readonly Attribute[];
  readonly resources: InstanceResources;
  readonly identity: IdentityDocument;
  readonly versionInfo: VersionInfo;
  readonly tags: readonly Tag[];
  /** Newer agents send one, though no SDK knows it; all retries of one start carry the same. */
  readonly token: string | undefined;
}

/** @throws EcsError InvalidParameterException, after which the agent gives up for good */
export function parseRegistration(
  input: RegisterContainerInstanceRequest,
  token: string | undefined,
): Registration {
  const { agentVersion, agentHash, dockerVersion } = input.versionInfo ?? {};
  return {
    tags: parseTags(input.tags),
    resources: parseResources(input.totalResources, input.platformDevices),
    // ECS drops what is invalid; the agent compares, says which, and ends.
    attributes: (input.attributes ?? []).filter(isValidAttribute).map(({ name = '', value }) => ({
      name,
      ...present({ value }),
    })),
    identity: readIdentityDocument(input.instanceIdentityDocument),
    versionInfo: present({ agentVersion, agentHash, dockerVersion }),
    token,
  };
}

export interface NewContainerInstance {
  readonly cluster: Cluster;
  readonly registration: Registration;
  readonly now: Instant;
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly machineId?: string;
  /** The daemons that are to run on it before anything else does. */
  readonly awaitedDaemons?: readonly DaemonArn[];
}

/**
 * An instance that registers for the first time: ACTIVE, or REGISTERING until its daemons run, and connected only once
 * its agent is.
 */
export function newContainerInstance(args: NewContainerInstance): ContainerInstance {
  const { cluster, registration, now, id, machineId, awaitedDaemons = [] } = args;
  const scope = scopeOfArn(cluster.arn);
  const { attributes, identity, resources, versionInfo, tags, token } = registration;
  return {
    arn: containerInstanceArn(scope, cluster.name, id),
    clusterArn: cluster.arn,
    status: awaitedDaemons.length > 0 ? 'REGISTERING' : 'ACTIVE',
    agentConnected: false,
    versionInfo,
    attributes: withServiceAttributes(attributes, identity, `${scope.region}a`),
    registeredResources: resources,
    tags,
    registeredAt: now,
    version: 1,
    ...present({
      ec2InstanceId: machineId === undefined ? ec2InstanceIdOf(registration, id) : undefined,
      machineId,
      privateIpv4Address: identity.privateIp,
      heldBy: awaitedDaemons.length > 0 ? awaitedDaemons : undefined,
      registrationToken: token,
      capacityProviderName: capacityProviderOf(registration),
    }),
  };
}

/** The capacity provider that an instance says it is of. */
export function capacityProviderOf({ attributes }: Registration): string | undefined {
  return attributeValue({ attributes }, capacityProviderAttribute);
}

function ec2InstanceIdOf({ attributes, identity }: Registration, id: string): string {
  const isExternal = attributes.some(({ name }) => name === externalCapability);
  return identity.instanceId ?? `${isExternal ? 'mi' : 'i'}-${id.slice(-17)}`;
}

/**
 * The same instance after its agent has started anew. Its status stays: one that is DRAINING goes on draining. Only
 * custom attributes are kept, because the agent sends them no second time.
 * @throws EcsError ClientException for an instance of another EC2 type
 */
export function reregistered(
  instance: ContainerInstance,
  registration: Registration,
): ContainerInstance {
  const { attributes, identity, resources, versionInfo } = registration;
  const before = attributeValue(instance, 'ecs.instance-type');
  if (before && identity.instanceType !== undefined && before !== identity.instanceType) {
    throw typeChanged(lastPathElement(instance.arn), before);
  }
  const sent = new Set(attributes.map(({ name }) => name));
  const kept = instance.attributes.filter(
    ({ name }) => !sent.has(name) && (!isBuiltInAttribute(name) || byService.has(name)),
  );
  const zone = attributeValue(instance, availabilityZoneAttribute) ?? '';
  return changedInstance(instance, {
    attributes: withServiceAttributes([...attributes, ...kept], identity, zone),
    registeredResources: resources,
    versionInfo: { ...instance.versionInfo, ...versionInfo },
    ...present({
      privateIpv4Address: identity.privateIp,
      capacityProviderName: capacityProviderOf(registration),
    }),
  });
}

const byService: ReadonlySet<string> = new Set([
  'ecs.ami-id',
  availabilityZoneAttribute,
  'ecs.cpu-architecture',
  'ecs.instance-type',
]);

/** What the service adds to the attributes that an agent sends. Only outside EC2 does one tell its processor itself. */
function withServiceAttributes(
  attributes: readonly Attribute[],
  { imageId, instanceType, availabilityZone, architecture }: IdentityDocument,
  defaultZone: string,
): readonly Attribute[] {
  const added = {
    'ecs.ami-id': imageId,
    [availabilityZoneAttribute]: availabilityZone ?? defaultZone,
    'ecs.cpu-architecture': architecture,
    'ecs.instance-type': instanceType,
  };
  const names = new Set(attributes.map(({ name }) => name));
  return [
    ...attributes,
    ...Object.entries(added).flatMap(([name, value]) =>
      value === undefined || names.has(name) ? [] : [{ name, value }],
    ),
  ];
}

export function instanceNotRegistered(arn: ContainerInstanceArn): Error {
  return clientError(`Referenced container instance ${lastPathElement(arn)} not registered.`);
}

function typeChanged(id: string, before: string): Error {
  return clientError(
    `Container instance type changes are not supported. Container instance ${id} was previously ` +
      `registered as ${before}.`,
  );
}
