import type { ProxyConfigurationType } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { TaskDefinitionContent } from './task-definition.ts';

const proxyTypes = valuesOf<ProxyConfigurationType>({ APPMESH: true });

/** What App Mesh's proxy must be told, and what ECS calls it. [inferred but for the ingress port] */
const neededProperties: readonly (readonly [property: string, called: string])[] = [
  ['ProxyIngressPort', 'Ingress port'],
  ['ProxyEgressPort', 'Egress port'],
  ['AppPorts', 'App ports'],
  ['EgressIgnoredIPs', 'Egress ignored IPs'],
];

export function checkProxyConfiguration(content: TaskDefinitionContent): void {
  const { containerDefinitions, networkMode, proxyConfiguration } = content;
  if (proxyConfiguration === undefined) return;
  const { type, containerName = '', properties = [] } = proxyConfiguration;
  checkOneOf('Proxy configuration type', type, proxyTypes);
  if (networkMode !== 'awsvpc') {
    throw clientError('APPMESH proxy configuration is only supported in networkMode=awsvpc');
  }
  if (!containerDefinitions.some((container) => container.name === containerName)) {
    throw clientError(`Proxy container [${containerName}] does not exist.`);
  }
  checkProperties(new Map(properties.map(({ name, value }) => [name, value])));
}

function checkProperties(values: ReadonlyMap<string | undefined, string | undefined>): void {
  for (const [property, called] of neededProperties) {
    if (!values.has(property)) throw clientError(`${called} not found`);
  }
  // Envoy's own traffic must be told from that of the application, by its user or by its group.
  if (values.get('IgnoredUID') || values.get('IgnoredGID')) return;
  throw clientError('Ignored UID or GID not found'); // [inferred wording]
}
