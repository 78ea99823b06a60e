import type { CreateTaskSetRequest, Scale } from '@aws-sdk/client-ecs';
import { lastPathElement, taskSetArn } from '../../arn.ts';
import { invalidParameter } from '../../errors.ts';
import { present } from '../../present.ts';
import {
  checkInstanceCount,
  parseRegistries,
  type RegistryPlace,
} from '../../service-discovery/parse-registries.ts';
import { parseTags, type Tag } from '../../tags.ts';
import type { LaunchPlace } from '../../task/launch.ts';
import { parseRevision, type RevisionContent } from '../new-revision.ts';
import { notInThisRelease } from '../service-errors.ts';
import type { ExternalService, ServiceRevision, TaskSet } from '../service.ts';
import { taskSetNotIdempotent, tooManyTaskSets } from './task-set-errors.ts';

/** ECS's quota. */
const mostTaskSets = 5;

/** A checked CreateTaskSet request. */
export interface TaskSetSpec {
  readonly revision: RevisionContent;
  readonly scalePercent: number;
  readonly externalId: string | undefined;
  readonly tags: readonly Tag[];
}

/** @throws EcsError */
export function parseTaskSet(
  service: ExternalService,
  input: CreateTaskSetRequest,
  place: LaunchPlace & RegistryPlace,
): TaskSetSpec {
  const { enableExecuteCommand, placementConstraints, placementStrategy } = service;
  const ofService = {
    enableExecuteCommand,
    placementConstraints: [...placementConstraints],
    placementStrategy: [...placementStrategy],
  };
  const revision = parseRevision({ ...input, ...ofService }, place, 'updated');
  checkContainers(input, place);
  if (input.loadBalancers?.length) throw notInThisRelease('load balancers');
  const serviceRegistries = parseRegistries(input.serviceRegistries, place);
  const left = service.taskSets.filter(({ status }) => status !== 'DRAINING');
  if (left.length >= mostTaskSets) throw tooManyTaskSets(mostTaskSets);
  const scalePercent = parseScale(input.scale);
  checkInstanceCount(serviceRegistries, computedDesiredCount(service.desiredCount, scalePercent));
  return {
    revision: { ...revision, ...present({ serviceRegistries }) },
    scalePercent,
    externalId: input.externalId,
    tags: parseTags(input.tags),
  };
}

function checkContainers(
  { loadBalancers = [] }: CreateTaskSetRequest,
  { definition }: LaunchPlace,
): void {
  const names = new Set(definition.content.containerDefinitions.map(({ name }) => name));
  for (const { containerName } of loadBalancers) {
    if (containerName === undefined || names.has(containerName)) continue;
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  }
}

/**
 * Nothing given means nothing to run.
 * @throws EcsError InvalidParameterException [inferred texts]
 */
export function parseScale({ value = 0, unit = 'PERCENT' }: Scale = {}): number {
  if (unit !== 'PERCENT') throw invalidParameter('Scale unit should be one of [PERCENT]');
  if (value >= 0 && value <= 100) return value;
  throw invalidParameter('Scale value must be between 0 and 100');
}

/**
 * The scale that a task set is to have from now on. Unlike that of a new one it must be given.
 * @throws EcsError InvalidParameterException [inferred texts]
 */
export function requireScale(scale: Scale | undefined): Scale {
  if (!scale) throw invalidParameter('Scale can not be blank.');
  if (scale.value === undefined) throw invalidParameter('Scale value can not be blank.');
  return scale;
}

/** ECS rounds up; the products of decimal fractions are a little off, which is no task more. */
export function computedDesiredCount(desiredCount: number, scalePercent: number): number {
  return Math.ceil(Number(((desiredCount * scalePercent) / 100).toFixed(6)));
}

/**
 * The task set that an earlier call with the same token has made.
 * @throws EcsError where that call was another one
 */
export function findRepeated(
  { taskSets }: ExternalService,
  request: { readonly clientToken: string | undefined; readonly requestDigest: string },
): TaskSet | undefined {
  if (request.clientToken === undefined) return undefined;
  const same = taskSets.find(({ createdWith }) => createdWith.clientToken === request.clientToken);
  if (same && same.createdWith.requestDigest !== request.requestDigest) {
    throw taskSetNotIdempotent();
  }
  return same;
}

export interface NewTaskSet {
  readonly service: ExternalService;
  readonly spec: TaskSetSpec;
  readonly revision: ServiceRevision;
  readonly clientToken: string | undefined;
  readonly requestDigest: string;
}

/** An ACTIVE task set; its tasks are the scheduler's business. */
export function newTaskSet(args: NewTaskSet): TaskSet {
  const { service, spec, revision, clientToken, requestDigest } = args;
  const { createdAt } = revision;
  const id = `ecs-svc/${lastPathElement(revision.arn)}`;
  return {
    arn: taskSetArn(service.arn, id),
    status: 'ACTIVE',
    scalePercent: spec.scalePercent,
    deployment: {
      id,
      status: 'PRIMARY',
      revision,
      desiredCount: computedDesiredCount(service.desiredCount, spec.scalePercent),
      failedTasks: 0,
      // Nobody waits for a task set to complete: whoever made it looks at its stability.
      rolloutState: 'COMPLETED',
      rolloutStateReason: '',
      startFailures: 0,
      createdAt,
      updatedAt: createdAt,
    },
    stabilityStatus: 'STABILIZING',
    stabilityStatusAt: createdAt,
    tags: spec.tags,
    createdWith: { requestDigest, ...present({ clientToken }) },
    ...present({ externalId: spec.externalId }),
  };
}
