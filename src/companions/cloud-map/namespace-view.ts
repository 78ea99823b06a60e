import type {
  Namespace as NamespaceShape,
  NamespaceProperties,
} from '@aws-sdk/client-servicediscovery';
import { hostedZoneId, namespaceId } from '../../domain/cloud-map/new-namespace.ts';
import type { Namespace } from '../../domain/namespace/namespace.ts';
import { present } from '../../domain/present.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

export function namespaceView(
  namespace: Namespace,
  { discoveryServices }: ReadonlyTables,
): NamespaceShape {
  const { arn, name, kind, description, creatorRequestId, createdAt } = namespace;
  return {
    Id: namespaceId(arn),
    Arn: arn,
    ResourceOwner: arn.split(':')[4] ?? '',
    Name: name,
    Type: kind,
    ...present({ Description: description, CreatorRequestId: creatorRequestId }),
    ServiceCount: discoveryServices.countIn(arn),
    Properties: propertiesOf(namespace),
    CreateDate: new Date(createdAt),
  };
}

/** In lists namespaces have no `CreatorRequestId`. */
export function namespaceSummary(
  namespace: Namespace,
  tables: ReadonlyTables,
): Omit<NamespaceShape, 'CreatorRequestId'> {
  const { CreatorRequestId: _, ...summary } = namespaceView(namespace, tables);
  return summary;
}

function propertiesOf(namespace: Namespace): NamespaceProperties {
  const HttpProperties = { HttpName: namespace.httpName };
  if (namespace.kind === 'HTTP') return { DnsProperties: {}, HttpProperties };
  const DnsProperties = {
    HostedZoneId: hostedZoneId(namespace.arn),
    SOA: { TTL: namespace.soaTtlSeconds },
  };
  return { DnsProperties, HttpProperties };
}
