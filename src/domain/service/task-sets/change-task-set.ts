import type { Instant } from '../../instant.ts';
import type { ExternalService, TaskSet } from '../service.ts';
import { computedDesiredCount } from './new-task-set.ts';
import {
  primaryCannotBeDeleted,
  taskSetDraining,
  taskSetScaledAboveZero,
} from './task-set-errors.ts';

/** Puts a changed task set in the place of the one with its ARN. */
export function withTaskSet(service: ExternalService, changed: TaskSet): ExternalService {
  const taskSets = service.taskSets.map((one) => (one.arn === changed.arn ? changed : one));
  return { ...service, taskSets };
}

/** @throws EcsError for one that is being deleted */
export function scaledTaskSet(
  { desiredCount }: ExternalService,
  taskSet: TaskSet,
  scalePercent: number,
  now: Instant,
): TaskSet {
  if (taskSet.status === 'DRAINING') throw taskSetDraining();
  const computed = computedDesiredCount(desiredCount, scalePercent);
  const scaled = withComputedCount({ ...taskSet, scalePercent }, computed, now);
  return computed === taskSet.deployment.desiredCount ? scaled : destabilized(scaled, now);
}

export function withComputedCount(taskSet: TaskSet, desiredCount: number, now: Instant): TaskSet {
  return { ...taskSet, deployment: { ...taskSet.deployment, desiredCount, updatedAt: now } };
}

function destabilized(taskSet: TaskSet, now: Instant): TaskSet {
  return { ...taskSet, stabilityStatus: 'STABILIZING', stabilityStatusAt: now };
}

/** A task set on its way out: nothing is started for it, and all that runs of it is stopped. */
export function drainingTaskSet(taskSet: TaskSet, now: Instant): TaskSet {
  if (taskSet.status === 'DRAINING') return taskSet;
  const emptied = withComputedCount({ ...taskSet, status: 'DRAINING' }, 0, now);
  return destabilized({ ...emptied, scalePercent: 0 }, now);
}

/** @throws EcsError */
export function deletedTaskSet(taskSet: TaskSet, force: boolean, now: Instant): TaskSet {
  if (taskSet.status === 'PRIMARY' && !force) throw primaryCannotBeDeleted();
  if (taskSet.scalePercent > 0 && !force) throw taskSetScaledAboveZero();
  return drainingTaskSet(taskSet, now);
}

/**
 * Makes a task set the PRIMARY one, and the former one ACTIVE. What serves does not change by it.
 * @throws EcsError for one that is being deleted
 */
export function withPrimaryTaskSet(
  service: ExternalService,
  primary: TaskSet,
  now: Instant,
): ExternalService {
  if (primary.status === 'DRAINING') throw taskSetDraining();
  const statusOf = ({ arn, status }: TaskSet): TaskSet['status'] => {
    if (arn === primary.arn) return 'PRIMARY';
    return status === 'PRIMARY' ? 'ACTIVE' : status;
  };
  const taskSets = service.taskSets.map((taskSet): TaskSet => {
    const status = statusOf(taskSet);
    if (status === taskSet.status) return taskSet;
    return { ...taskSet, status, deployment: { ...taskSet.deployment, updatedAt: now } };
  });
  return { ...service, taskSets };
}
