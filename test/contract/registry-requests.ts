import type { ContainerDefinition, ECS } from '@aws-sdk/client-ecs';
import type { DiscoveryInstance } from '../../src/domain/cloud-map/discovery-instance.ts';
import type { DiscoveryService, RecordType } from '../../src/domain/cloud-map/discovery-service.ts';
import type { RunningServer } from '../../src/server.ts';
import { aDefinition } from './requests.ts';

let made = 0;

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

/** The server that has the registries. */
interface RegistrySite {
  readonly server: Pick<RunningServer, 'state'>;
}

export interface GivenRegistry {
  /** None in a namespace that only DiscoverInstances looks into. */
  readonly records?: readonly RecordType[];
  readonly customHealthCheck?: boolean;
}

/** Makes a service of Cloud Map in the account of a server's client. */
export async function createRegistry(
  { server, ecs }: RegistrySite & { readonly ecs: ECS },
  { records = ['A'], customHealthCheck = true }: GivenRegistry = {},
): Promise<string> {
  const { accessKeyId: account } = await ecs.config.credentials();
  made += 1;
  const id = `srv-${String(made).padStart(16, '0')}`;
  const prefix = `arn:aws:servicediscovery:us-east-1:${account}`;
  const created: DiscoveryService = {
    arn: `${prefix}:service/${id}`,
    id,
    namespaceArn: `${prefix}:namespace/ns-0123456789abcdef`,
    name: id,
    scope: `arn:aws:ecs:us-east-1:${account}`,
    type: records.length > 0 ? 'DNS_HTTP' : 'HTTP',
    dnsConfig: {
      routingPolicy: 'MULTIVALUE',
      records: records.map((type) => ({ type, ttlSeconds: 10 })),
    },
    customHealthCheck,
    tags: [],
    createdAt: 0,
    instancesRevision: 1,
  };
  server.state.transact((tx) => tx.discoveryServices.put(created));
  return created.arn;
}

/** What is registered with a service of Cloud Map, by the ids of instances. */
export async function instancesOf(
  { server }: RegistrySite,
  registryArn: string,
): Promise<readonly DiscoveryInstance[]> {
  return [...server.state.read.discoveryInstances.ofService(registryArn, undefined)];
}

/** Deletes a service of Cloud Map with all its instances. */
export async function deleteRegistry({ server }: RegistrySite, registryArn: string): Promise<void> {
  server.state.transact((tx) => {
    const instances = [...tx.discoveryInstances.ofService(registryArn, undefined)];
    for (const instance of instances) tx.discoveryInstances.delete(instance);
    const found = tx.discoveryServices.findByArn(registryArn);
    if (found) tx.discoveryServices.delete(found);
  });
}
