import type { LinuxParameters } from '@aws-sdk/client-ecs';
import type { ContainerDefinition } from '../../domain/task-definition/task-definition.ts';
import { isWindows } from '../../domain/task-definition/runtime-platform.ts';
import type { TaskOrder } from '../compute.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { Engine } from './engine.ts';
import type { EngineInfo } from './engine-types.ts';
import { networkOf } from './network/task-network.ts';
import { volumeSources, type Storage } from './volume-source.ts';

/** What an Engine says that it can do. */
export type EngineAbilities = Pick<
  EngineInfo,
  'CgroupVersion' | 'Runtimes' | 'SecurityOptions' | 'SwapLimit'
> & {
  /** Whether what a container writes into its own layer can be bounded. */
  readonly boundsLayers?: boolean;
};

export interface Place extends Storage {
  readonly abilities: EngineAbilities;
  readonly engine: Pick<Engine, 'isLocal'>;
}

/**
 * Why a task cannot be started on this machine, where the Engine would pass over a setting in
 * silence, or have the wrong thing. What the Engine itself refuses is left to it.
 */
export function impossibleReason(
  order: TaskOrder,
  specs: readonly ContainerSpec[],
  place: Place,
): string | undefined {
  const { abilities, engine } = place;
  const volumes = [...volumeSources(order, place)];
  const found = [
    ...platformTrouble(order),
    ...specs.flatMap(({ name, definition }) =>
      impossibleSettings(definition, abilities).map((what) => `container ${name}: ${what}`),
    ),
    ...namespaceTrouble(order),
    ...(order.task.managedVolume && !engine.isLocal
      ? ['managed EBS volumes need a Docker Engine on this machine']
      : []),
    ...volumes.flatMap(([name, source]) =>
      source.kind === 'Refused' ? [`volume ${name}: ${source.reason}`] : [],
    ),
  ];
  return found.length === 0
    ? undefined
    : `ResourceInitializationError: this machine cannot do what the task definition asks for: ${found.join('; ')}`;
}

/** The Engine would run a Linux image that has the name, and nobody would be told. */
function platformTrouble({ taskDefinition }: TaskOrder): string[] {
  if (!isWindows(taskDefinition.content)) return [];
  const family = taskDefinition.content.runtimePlatform?.operatingSystemFamily;
  return [`operatingSystemFamily ${family} needs Windows, and this is Linux`];
}

/** Without awsvpc a task has no pause container, whose namespaces its containers could join. */
function namespaceTrouble(order: TaskOrder): string[] {
  if (networkOf(order).isShared) return [];
  const { ipcMode, pidMode } = order.taskDefinition.content;
  return [
    ...(pidMode === 'task' ? ['pidMode task needs the network mode awsvpc'] : []),
    ...(ipcMode === 'task' ? ['ipcMode task needs the network mode awsvpc'] : []),
  ];
}

function impossibleSettings(
  { dockerSecurityOptions, linuxParameters, resourceRequirements }: ContainerDefinition,
  abilities: EngineAbilities,
): string[] {
  return [
    ...swapTrouble(linuxParameters ?? {}, abilities),
    ...(dockerSecurityOptions ?? []).flatMap((option) => securityTrouble(option, abilities)),
    ...(resourceRequirements ?? []).flatMap(({ type }) => resourceTrouble(type ?? '', abilities)),
  ];
}

/** Without maxSwap, ECS does not look at swappiness either. */
function swapTrouble(
  { maxSwap, swappiness }: LinuxParameters,
  { CgroupVersion, SwapLimit }: EngineAbilities,
): string[] {
  if (maxSwap === undefined) return [];
  if (SwapLimit !== true) return ['maxSwap needs a kernel that counts the swap of containers'];
  if (swappiness === undefined || CgroupVersion !== '2') return [];
  return ['swappiness needs cgroup v1'];
}

/** The Engine writes `name=seccomp,profile=default`. */
export function hasSecurityModule(options: EngineInfo['SecurityOptions'], module: string): boolean {
  return (options ?? []).some((option) => option.split(',')[0] === `name=${module}`);
}

/** Where the kernel has not what an option is for, the Engine takes it and does nothing. */
function securityTrouble(option: string, { SecurityOptions }: EngineAbilities): string[] {
  const has = (module: string) => hasSecurityModule(SecurityOptions, module);
  const kind = option.split(':', 1)[0];
  if (option === 'no-new-privileges') return [];
  if (kind === 'apparmor') return has('apparmor') ? [] : [`${option} needs AppArmor`];
  if (kind === 'label') return has('selinux') ? [] : [`${option} needs SELinux`];
  return [`dockerSecurityOptions has no ${option} on Linux`];
}

function resourceTrouble(type: string, { Runtimes }: EngineAbilities): string[] {
  if (type !== 'GPU') return [`resourceRequirements has no ${type} here`];
  return Runtimes && 'nvidia' in Runtimes ? [] : ['GPU needs the nvidia runtime of Docker'];
}
