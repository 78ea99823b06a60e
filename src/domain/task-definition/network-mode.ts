import type { NetworkMode, PortMapping } from '@aws-sdk/client-ecs';
import { clientError } from '../errors.ts';
import { checkOneOf, valuesOf } from './enumerations.ts';
import type { ContainerDefinition, TaskDefinitionContent } from './task-definition.ts';

const networkModes = valuesOf<NetworkMode>({ bridge: true, host: true, awsvpc: true, none: true });

/** What a network mode forbids its containers. */
export function checkNetworkMode(content: TaskDefinitionContent): void {
  const { containerDefinitions, networkMode } = content;
  checkOneOf('Network mode', networkMode, networkModes);
  for (const container of containerDefinitions) checkContainer(container, networkMode ?? 'bridge');
  const mappings = containerDefinitions.flatMap((container) => container.portMappings);
  if (networkMode === 'awsvpc') checkTaskPorts(mappings);
  else checkHostPorts(mappings);
}

function checkContainer(container: ContainerDefinition, networkMode: NetworkMode): void {
  checkPorts(container, networkMode);
  // [inferred for the modes other than awsvpc]
  if (networkMode !== 'bridge' && isGiven(container.links)) {
    throw clientError(`Links are not supported when networkMode=${networkMode}.`);
  }
  if (networkMode !== 'awsvpc') return;
  const setting = settingWithoutAwsvpc(container);
  if (setting === undefined) return;
  throw clientError(`${setting} not supported on container when networkMode=awsvpc.`);
}

function checkPorts({ portMappings }: ContainerDefinition, networkMode: NetworkMode): void {
  if (networkMode === 'bridge' || portMappings.length === 0) return;
  if (networkMode === 'none') {
    throw clientError('Port mappings are not supported when networkMode=none.'); // [inferred]
  }
  if (portMappings.some((mapping) => mapping.hostPort !== mapping.containerPort)) {
    throw clientError(
      `When networkMode=${networkMode}, the host ports and container ports ` +
        'in port mappings must match.',
    );
  }
  if (networkMode === 'host' && portMappings.some((mapping) => mapping.containerPortRange)) {
    // [inferred wording]
    throw clientError('Port ranges are not supported when networkMode=host.');
  }
}

/** A setting that belongs to the task's network interface, and the verb that follows it. */
function settingWithoutAwsvpc(container: ContainerDefinition): string | undefined {
  if (container.hostname) return 'hostname is';
  if (isGiven(container.extraHosts)) return 'Extra hosts are';
  if (isGiven(container.dnsServers)) return 'DNS servers are';
  if (isGiven(container.dnsSearchDomains)) return 'DNS search domains are'; // [inferred wording]
  if (container.disableNetworking) return 'Disable Networking is';
  return undefined;
}

function isGiven(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

/** Containers of an awsvpc task share one interface, and so its ports. */
function checkTaskPorts(mappings: readonly PortMapping[]): void {
  const ports = new Set<string>();
  const names = new Set<string>();
  for (const { containerPort, name, protocol = 'tcp' } of mappings) {
    if (containerPort !== undefined) {
      const port = `${protocol} ${containerPort}`;
      if (ports.has(port)) throw usedTwice(protocol, containerPort);
      ports.add(port);
    }
    if (name === undefined) continue;
    if (names.has(name)) {
      throw clientError('When networkMode=awsvpc, port mapping name is already used');
    }
    names.add(name);
  }
}

function usedTwice(protocol: string, containerPort: number): Error {
  return clientError(
    `${protocol.toUpperCase()} container port '${containerPort}' is used multiple times ` +
      'in task when networkMode=awsvpc.',
  );
}

function checkHostPorts(mappings: readonly PortMapping[]): void {
  const ports = new Set<string>();
  for (const { hostPort, protocol = 'tcp' } of mappings) {
    if (!hostPort) continue;
    const port = `${protocol} ${hostPort}`;
    if (ports.has(port)) {
      throw clientError(
        `${protocol.toUpperCase()} host port '${hostPort}' is mapped multiple times in task.`,
      );
    }
    ports.add(port);
  }
}
