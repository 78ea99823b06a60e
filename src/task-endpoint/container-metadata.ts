import { lastPathElement } from '../domain/arn.ts';
import { present } from '../domain/present.ts';
import type { ContainerDefinition } from '../domain/task-definition/task-definition.ts';
import { runtimeIdOf } from '../domain/task/runtime-id.ts';
import type { Container, Task } from '../domain/task/task.ts';
import type { ContainerFacts, NetworkFacts } from '../compute/task-facts.ts';
import type { MetadataVersion } from './route.ts';

/** All that is told of a container. */
export interface ContainerSubject {
  readonly task: Task;
  readonly container: Container;
  readonly definition: ContainerDefinition;
  /** Undefined until its host has made it. */
  readonly facts: ContainerFacts | undefined;
  readonly network: NetworkFacts;
}

/**
 * A container's metadata (Developer Guide, "Amazon ECS task metadata endpoint version 4"). Members without a value are
 * left out, and their order is that of the real endpoint.
 */
export function containerMetadata(subject: ContainerSubject, version: MetadataVersion) {
  const { task, container, definition, facts } = subject;
  return present({
    ...identity(subject),
    Ports: ports(container),
    Labels: facts?.labels,
    DesiredStatus: task.desiredStatus,
    KnownStatus: knownStatus(subject),
    ExitCode: container.exitCode ?? facts?.exitCode,
    Limits: limits(definition),
    ...(facts && momentsOf(facts)),
    Type: 'NORMAL',
    Health: health(facts),
    RestartCount: definition.restartPolicy?.enabled ? (facts?.restartCount ?? 0) : undefined,
    ...(version === 4 && latestMembers(subject)),
    Networks: networks(subject, version),
    Snapshotter: version === 4 && task.launchType === 'FARGATE' ? 'overlayfs' : undefined,
  });
}

function identity({ task, container, facts }: ContainerSubject) {
  return {
    DockerId: runtimeIdOf(task, container) ?? facts?.dockerId ?? '',
    Name: container.name,
    DockerName: task.launchType === 'FARGATE' ? container.name : (facts?.dockerName ?? ''),
    Image: container.image,
    ImageID: container.imageDigest ?? facts?.imageId ?? '',
  };
}

function momentsOf({ createdAt, startedAt, finishedAt }: ContainerFacts) {
  return present({
    CreatedAt: moment(createdAt),
    StartedAt: moment(startedAt),
    FinishedAt: moment(finishedAt),
  });
}

function latestMembers({ task, container, definition }: ContainerSubject) {
  const log = definition.logConfiguration;
  return present({
    LogDriver: log?.logDriver,
    LogOptions: log && logOptions(log.logDriver, log.options ?? {}, container, task),
    ContainerARN: container.arn,
  });
}

/** The stream takes the place of its prefix, and what ECS does when nothing is said is said. */
function logOptions(
  driver: string | undefined,
  { 'awslogs-stream-prefix': prefix, ...options }: Readonly<Record<string, string>>,
  { name }: Container,
  { arn }: Task,
): Readonly<Record<string, string>> {
  if (driver !== 'awslogs') return options;
  const stream = prefix && { 'awslogs-stream': `${prefix}/${name}/${lastPathElement(arn)}` };
  return { mode: 'non-blocking', ...options, ...stream };
}

/** The names that the official agent has for the states of a container. */
function knownStatus({ container, facts }: ContainerSubject): string {
  if (container.lastStatus === 'STOPPED' || facts?.finishedAt !== undefined) return 'STOPPED';
  if (container.lastStatus === 'RUNNING' || facts?.isRunning) return 'RUNNING';
  return facts ? 'CREATED' : 'NONE';
}

/** A container without cpu has the least share that the kernel knows. */
function limits({ cpu, memory, memoryReservation }: ContainerDefinition) {
  return { CPU: Math.max(cpu, 2), ...present({ Memory: memory ?? memoryReservation }) };
}

function ports({ networkBindings }: Container) {
  const bound = networkBindings.flatMap((binding) =>
    'hostPort' in binding
      ? [
          {
            ContainerPort: binding.containerPort,
            Protocol: binding.protocol,
            HostPort: binding.hostPort,
            HostIp: binding.bindIP,
          },
        ]
      : [],
  );
  return bound.length > 0 ? bound : undefined;
}

function health(facts: ContainerFacts | undefined) {
  if (!facts?.health) return undefined;
  const { status, since, exitCode, output } = facts.health;
  return present({ status, statusSince: moment(since), exitCode, output });
}

function networks({ task, facts, network }: ContainerSubject, version: MetadataVersion) {
  const address = task.networkInterface?.address;
  if (!address) {
    if (!facts?.addresses.length) return undefined;
    return [{ NetworkMode: 'bridge', IPv4Addresses: facts.addresses }];
  }
  const basic = { NetworkMode: 'awsvpc', IPv4Addresses: [address.privateIpv4Address] };
  if (version < 4) return [basic];
  const [, bits] = network.subnet.split('/');
  return [
    {
      ...basic,
      AttachmentIndex: 0,
      MACAddress: address.macAddress,
      IPv4SubnetCIDRBlock: network.subnet,
      DomainNameServers: network.nameServers,
      SubnetGatewayIpv4Address: `${network.gateway}/${bits}`,
    },
  ];
}

/** Always nine decimals, as ECS has them. */
function moment(at: string | undefined): string | undefined {
  if (at === undefined) return undefined;
  const [, seconds = '', decimals = ''] = /^([^.Z]*)(?:\.(\d+))?Z$/.exec(at) ?? [];
  return seconds === '' ? at : `${seconds}.${decimals.padEnd(9, '0')}Z`;
}
