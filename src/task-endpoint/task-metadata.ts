import { present } from '../domain/present.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import type { Instant } from '../domain/instant.ts';
import { serviceGroup } from '../domain/service/service.ts';
import type { Task } from '../domain/task/task.ts';
import type { ClockFacts } from '../compute/task-facts.ts';
import { containerMetadata, type ContainerSubject } from './container-metadata.ts';
import type { MetadataVersion } from './route.ts';

export interface TaskSubject {
  readonly task: Task;
  readonly taskDefinition: TaskDefinition;
  readonly containers: readonly ContainerSubject[];
  /** Those of the container instance; none on FARGATE. */
  readonly instanceTags: readonly { readonly key: string; readonly value: string }[];
  /** Of Fargate: what the task takes on the disk in bytes, and how far the clock may be off. */
  readonly storageUse?: number;
  readonly clock?: ClockFacts;
}

const unitsPerCpu = 1024;
const bytesPerMiB = 1024 ** 2;
const mibPerGiB = 1024;
/** 20 GiB are shown as 20496. */
const shownBesideMiB = 16;

/** A task's metadata (Developer Guide, "Amazon ECS task metadata endpoint version 4"). */
export function taskMetadata(
  subject: TaskSubject,
  { version, withTags }: { readonly version: MetadataVersion; readonly withTags: boolean },
) {
  const { task, taskDefinition, containers, instanceTags } = subject;
  return present({
    Cluster: task.clusterArn,
    TaskARN: task.arn,
    Family: task.family,
    Revision: String(taskDefinition.revision),
    DesiredStatus: task.desiredStatus,
    KnownStatus: task.lastStatus,
    Limits: limits(task),
    PullStartedAt: moment(task.pullStartedAt),
    PullStoppedAt: moment(task.pullStoppedAt),
    ExecutionStoppedAt: moment(task.executionStoppedAt),
    AvailabilityZone: task.availabilityZone,
    LaunchType: version === 4 ? task.launchType : undefined,
    Containers: containers.map((container) => containerMetadata(container, version)),
    ...(version === 4 && latestMembers(subject)),
    ...(withTags && {
      TaskTags: tagMap(task.tags),
      ContainerInstanceTags: task.launchType === 'FARGATE' ? undefined : tagMap(instanceTags),
    }),
  });
}

function latestMembers({ task, taskDefinition: { content }, storageUse, clock }: TaskSubject) {
  const { group, launchType } = task;
  return present({
    EphemeralStorageMetrics: storageMetrics(task, storageUse),
    ClockDrift: clock && clockDrift(clock),
    ServiceName: launchType === 'FARGATE' ? undefined : serviceName(group),
    Group: group,
    FaultInjectionEnabled: content.enableFaultInjection ?? false,
  });
}

function storageMetrics({ ephemeralStorageGiB }: Task, storageUse: number | undefined) {
  if (ephemeralStorageGiB === undefined || storageUse === undefined) return undefined;
  return {
    Utilized: Math.ceil(storageUse / bytesPerMiB),
    Reserved: ephemeralStorageGiB * mibPerGiB + shownBesideMiB,
  };
}

function clockDrift({ errorBoundMs, referenceAt, isSynchronized }: ClockFacts) {
  return {
    ClockErrorBound: errorBoundMs,
    ReferenceTimestamp: `${new Date(referenceAt).toISOString().slice(0, 19)}Z`,
    ClockSynchronizationStatus: isSynchronized ? 'SYNCHRONIZED' : 'NOT_SYNCHRONIZED',
  };
}

function serviceName(group: string): string | undefined {
  const prefix = serviceGroup('');
  return group.startsWith(prefix) ? group.slice(prefix.length) : undefined;
}

function limits({ cpu, memory }: Task) {
  if (cpu === undefined && memory === undefined) return undefined;
  return present({
    CPU: cpu === undefined ? undefined : Number(cpu) / unitsPerCpu,
    Memory: memory === undefined ? undefined : Number(memory),
  });
}

function tagMap(tags: readonly { readonly key: string; readonly value: string }[]) {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

function moment(at: Instant | undefined): string | undefined {
  return at === undefined ? undefined : `${new Date(at).toISOString().slice(0, -1)}000000Z`;
}
