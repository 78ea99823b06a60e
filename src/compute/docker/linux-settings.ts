import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import type { TaskOrder } from '../compute.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { DeviceRequestBody, HostConfigBody } from './engine-types.ts';
import { networkOf } from './network/task-network.ts';
import type { PauseSetting } from './pauses.ts';
import { bytesPerMiB } from './task-bound.ts';

export interface LinuxSetting {
  readonly order: TaskOrder;
  readonly pauseId: string;
  /** Whether containers have NET_RAW by default, as on ECS. */
  readonly keepsRawSockets: boolean;
}

/** What a container's definition says of the kernel: capabilities, devices, namespaces, memory. */
export function linuxSettings(
  { definition }: ContainerSpec,
  { order, pauseId, keepsRawSockets }: LinuxSetting,
): Partial<HostConfigBody> {
  const { pidMode, ipcMode } = order.taskDefinition.content;
  const namespace = (mode: string) => (mode === 'task' ? `container:${pauseId}` : mode);
  const sharesIpc = ipcMode === 'task' || ipcMode === 'host';
  const hasOwnNetwork = !networkOf(order).isShared;
  return {
    ...(pidMode ? { PidMode: namespace(pidMode) } : {}),
    ...(ipcMode ? { IpcMode: namespace(ipcMode) } : {}),
    Sysctls: sysctls(definition, (name) => (isOfNetwork(name) ? hasOwnNetwork : !sharesIpc)),
    SecurityOpt: (definition.dockerSecurityOptions ?? []).map(securityOption),
    ...linuxParameters(definition),
    CapDrop: droppedCapabilities(definition, keepsRawSockets),
    ...gpus(definition, order),
  };
}

function linuxParameters({ linuxParameters: given }: ContainerDefinition): Partial<HostConfigBody> {
  if (!given) return {};
  const tmpfs = (given.tmpfs ?? []).map(({ containerPath, size, mountOptions }) => [
    containerPath ?? '',
    [`size=${size}m`, ...(mountOptions ?? [])].join(','),
  ]);
  return {
    Init: given.initProcessEnabled ?? false,
    CapAdd: given.capabilities?.add ?? [],
    Tmpfs: Object.fromEntries(tmpfs),
    Devices: (given.devices ?? []).map(({ hostPath, containerPath, permissions }) => ({
      PathOnHost: hostPath ?? '',
      PathInContainer: containerPath ?? hostPath ?? '',
      CgroupPermissions: devicePermissions(permissions),
    })),
    ...(given.sharedMemorySize ? { ShmSize: given.sharedMemorySize * bytesPerMiB } : {}),
  };
}

/**
 * Tasks share a bridge, on which a container with NET_RAW can pass for another task and read what is sent to that one,
 * such as credentials. On Fargate, where each has a machine of its own, it may have it.
 */
function droppedCapabilities(
  { linuxParameters, privileged }: ContainerDefinition,
  keepsRawSockets: boolean,
): readonly string[] {
  const { add = [], drop = [] } = linuxParameters?.capabilities ?? {};
  const isDecided = [...add, ...drop].some((name) => name === 'NET_RAW' || name === 'ALL');
  return keepsRawSockets || isDecided || privileged ? drop : [...drop, 'NET_RAW'];
}

function devicePermissions(permissions: readonly string[] | undefined): string {
  if (!permissions?.length) return 'rwm';
  return permissions.map((permission) => permission.charAt(0)).join('');
}

/** Of the two forms that the Engine knows, in the one that takes any value as it is. */
function securityOption(option: string): string {
  return option.replace(':', '=');
}

function gpus(
  { name, resourceRequirements = [] }: ContainerDefinition,
  { task }: TaskOrder,
): Partial<HostConfigBody> {
  const value = resourceRequirements.find(({ type }) => type === 'GPU')?.value;
  if (value === undefined) return {};
  const gpuIds = task.containers.find((container) => container.name === name)?.gpuIds;
  const which = gpuIds
    ? { DeviceIDs: gpuIds }
    : { Count: value === 'ALL' ? allDevices : Number(value) };
  const request: DeviceRequestBody = { Driver: 'nvidia', Capabilities: [['gpu']], ...which };
  return { DeviceRequests: [request] };
}

const allDevices = -1;

/**
 * What the pause container needs for the containers that share its namespaces. Where containers name the same setting,
 * the last one's value counts, as on ECS.
 */
export function sharedSettings(
  order: TaskOrder,
  specs: readonly ContainerSpec[],
): Pick<PauseSetting, 'sysctls' | 'ipc'> {
  const sharesIpc = order.taskDefinition.content.ipcMode === 'task';
  const isShared = (name: string) => isOfNetwork(name) || sharesIpc;
  const sysctlsOfAll = specs.map(({ definition }) => sysctls(definition, isShared));
  const memory = specs.map(({ definition }) => definition.linuxParameters?.sharedMemorySize ?? 0);
  return {
    sysctls: Object.assign({}, ...sysctlsOfAll),
    ...(sharesIpc ? { ipc: { sharedMemoryMiB: Math.max(...memory) } } : {}),
  };
}

function isOfNetwork(name: string): boolean {
  return name.startsWith('net.');
}

function sysctls(
  { systemControls }: ContainerDefinition,
  wanted: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const given = (systemControls ?? []).map(({ namespace, value }) => [
    namespace ?? '',
    value ?? '',
  ]);
  return Object.fromEntries(given.filter(([name]) => wanted(name ?? '')));
}
