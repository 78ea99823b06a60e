import type { ContainerDefinition, ECS } from '@aws-sdk/client-ecs';
import type { RecordType, ServiceDiscovery } from '@aws-sdk/client-servicediscovery';
import type { RunningServer } from '../../src/server.ts';
import { aPrivateNamespace, cloudMapOf } from './cloud-map-requests.ts';
import { aDefinition } from './requests.ts';

/** Registers a revision of `web` whose container listens on port 80. */
export async function defineListening(
  ecs: ECS,
  container: Partial<ContainerDefinition> = {},
): Promise<void> {
  const app = {
    name: 'app',
    image: 'simulated/run',
    versionConsistency: 'disabled' as const,
    portMappings: [{ containerPort: 80 }],
    ...container,
  };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
}

/** A server that has registries, and a client in whose account they are. */
interface RegistrySite {
  readonly server: Pick<RunningServer, 'address'>;
  readonly ecs: ECS;
}

async function withCloudMap<Answer>(
  { server, ecs }: RegistrySite,
  ask: (cloudMap: ServiceDiscovery) => Promise<Answer>,
): Promise<Answer> {
  const { accessKeyId } = await ecs.config.credentials();
  const cloudMap = cloudMapOf(`http://127.0.0.1:${server.address.port}`, accessKeyId);
  try {
    return await ask(cloudMap);
  } finally {
    cloudMap.destroy();
  }
}

let made = 0;

export interface GivenRegistry {
  /** None where only DiscoverInstances finds the instances. */
  readonly records?: readonly RecordType[];
  readonly customHealthCheck?: boolean;
}

/** Makes a service of Cloud Map in a namespace of its own. */
export function createRegistry(
  site: RegistrySite,
  { records = ['A'], customHealthCheck = true }: GivenRegistry = {},
): Promise<string> {
  made += 1;
  return withCloudMap(site, async (cloudMap) => {
    const { Service } = await cloudMap.createService({
      Name: 'web',
      NamespaceId: await aPrivateNamespace(cloudMap, `n${made}.local`),
      ...(records.length > 0
        ? { DnsConfig: { DnsRecords: records.map((Type) => ({ Type, TTL: 10 })) } }
        : { Type: 'HTTP' }),
      ...(customHealthCheck && { HealthCheckCustomConfig: {} }),
    });
    return Service?.Arn ?? '';
  });
}

export interface RegisteredInstance {
  readonly instanceId: string;
  readonly health: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What is registered with a service of Cloud Map. */
export function instancesOf(
  site: RegistrySite,
  registryArn: string,
): Promise<readonly RegisteredInstance[]> {
  return withCloudMap(site, async (cloudMap) => {
    const ServiceId = registryArn.split('/').at(-1);
    const { Instances = [] } = await cloudMap.listInstances({ ServiceId });
    if (Instances.length === 0) return [];
    const { Status = {} } = await cloudMap.getInstancesHealthStatus({ ServiceId });
    return Instances.map(({ Id = '', Attributes = {} }) => ({
      instanceId: Id,
      health: Status[Id],
      attributes: Attributes,
    }));
  });
}

/** Deletes a service of Cloud Map, once nothing is registered with it. */
export function deleteRegistry(site: RegistrySite, registryArn: string): Promise<void> {
  return withCloudMap(site, async (cloudMap) => {
    const ServiceId = registryArn.split('/').at(-1);
    const { Instances = [] } = await cloudMap.listInstances({ ServiceId });
    for (const { Id } of Instances) {
      await cloudMap.deregisterInstance({ ServiceId, InstanceId: Id });
    }
    await cloudMap.deleteService({ Id: ServiceId });
  });
}
