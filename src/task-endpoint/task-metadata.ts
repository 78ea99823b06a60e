import { present } from '../domain/present.ts';
import type { TaskDefinition } from '../domain/task-definition/task-definition.ts';
import type { Instant } from '../domain/instant.ts';
import { serviceGroup } from '../domain/service/service.ts';
import type { Task } from '../domain/task/task.ts';
import { containerMetadata, type ContainerSubject } from './container-metadata.ts';
import type { MetadataVersion } from './route.ts';

export interface TaskSubject {
  readonly task: Task;
  readonly taskDefinition: TaskDefinition;
  readonly containers: readonly ContainerSubject[];
  /** Those of the container instance; none on FARGATE. */
  readonly instanceTags: readonly { readonly key: string; readonly value: string }[];
}

const unitsPerCpu = 1024;

/** A task's metadata (Developer Guide, "Amazon ECS task metadata endpoint version 4"). */
export function taskMetadata(
  { task, taskDefinition, containers, instanceTags }: TaskSubject,
  { version, withTags }: { readonly version: MetadataVersion; readonly withTags: boolean },
) {
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
    Containers: containers.map((subject) => containerMetadata(subject, version)),
    ...(version === 4 && latestMembers(task, taskDefinition)),
    ...(withTags && {
      TaskTags: tagMap(task.tags),
      ContainerInstanceTags: task.launchType === 'FARGATE' ? undefined : tagMap(instanceTags),
    }),
  });
}

function latestMembers({ group, launchType }: Task, { content }: TaskDefinition) {
  return present({
    ServiceName: launchType === 'FARGATE' ? undefined : serviceName(group),
    Group: group,
    FaultInjectionEnabled: content.enableFaultInjection ?? false,
  });
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
