import {
  ServiceDiscovery,
  ServiceDiscoveryServiceException,
  type CreateServiceRequest,
  type Service,
} from '@aws-sdk/client-servicediscovery';
import { test as base } from './server.ts';

/** A client of Cloud Map that goes where it is told: without the prefix of DiscoverInstances, as no name here has it. */
export function cloudMapOf(
  endpoint: string,
  accountId: string,
  region = 'us-east-1',
): ServiceDiscovery {
  const credentials = { accessKeyId: accountId, secretAccessKey: 'secret' };
  return new ServiceDiscovery({
    endpoint,
    region,
    credentials,
    maxAttempts: 1,
    disableHostPrefix: true,
  });
}

/** `test` with a client of Cloud Map of the test's own account. */
export const test = base.extend('cloudMap', ({ server, accountId }, { onCleanup }) => {
  const cloudMap = cloudMapOf(server.url, accountId);
  onCleanup(() => cloudMap.destroy());
  return cloudMap;
});

/** How Cloud Map refuses a call, as `Code: message`; undefined where it does not. */
export async function refusalOf(sent: Promise<unknown>): Promise<string | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (error instanceof ServiceDiscoveryServiceException) {
      return `${error.name}: ${error.message}`;
    }
    throw error;
  }
}

/** What an operation was about. */
export async function targetOf(
  cloudMap: ServiceDiscovery,
  { OperationId }: { readonly OperationId?: string | undefined },
): Promise<string> {
  const { Operation } = await cloudMap.getOperation({ OperationId });
  const { NAMESPACE, INSTANCE, SERVICE } = Operation?.Targets ?? {};
  return NAMESPACE ?? INSTANCE ?? SERVICE ?? '';
}

/** The id of a new private namespace. */
export async function aPrivateNamespace(
  cloudMap: ServiceDiscovery,
  Name = 'shop.local',
  Vpc = 'vpc-1',
): Promise<string> {
  return targetOf(cloudMap, await cloudMap.createPrivateDnsNamespace({ Name, Vpc }));
}

/** The id of a new HTTP namespace. */
export async function anHttpNamespace(cloudMap: ServiceDiscovery, Name = 'shop'): Promise<string> {
  return targetOf(cloudMap, await cloudMap.createHttpNamespace({ Name }));
}

export const aRecord = { DnsRecords: [{ Type: 'A', TTL: 10 }] } satisfies NonNullable<
  CreateServiceRequest['DnsConfig']
>;

/** A new service `api` in a namespace. */
export async function aService(
  cloudMap: ServiceDiscovery,
  NamespaceId: string,
  given: Partial<CreateServiceRequest> = {},
): Promise<Service> {
  const { Service: created } = await cloudMap.createService({ Name: 'api', NamespaceId, ...given });
  if (!created) throw new Error('CreateService answered without a service.');
  return created;
}
