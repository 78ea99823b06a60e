import { isArn, scopeOfArn, taskSetArn, type TaskSetArn } from '../../arn.ts';
import { invalidParameter } from '../../errors.ts';
import { parseServiceArn } from '../service-ref.ts';
import type { ExternalService, TaskSet } from '../service.ts';
import { taskSetNotFound } from './task-set-errors.ts';

/**
 * Resolves the id or the ARN of a task set of a service.
 * @throws EcsError InvalidParameterException for an ARN of something else
 */
export function parseTaskSetRef(service: ExternalService, ref: string | undefined): TaskSetArn {
  if (!ref) throw invalidParameter('TaskSet can not be blank.'); // [inferred text]
  if (!isArn(ref)) return taskSetArn(service.arn, ref);
  const { resourceType, path } = parseServiceArn(scopeOfArn(service.arn), ref);
  if (resourceType !== 'task-set') {
    throw invalidParameter(`Unsupported resource type: ${resourceType}`);
  }
  const arn = taskSetArn(service.arn, path.slice(2).join('/'));
  // [inferred text]
  if (arn !== ref) throw invalidParameter('Task set ARN and service do not match.');
  return arn;
}

/** @throws EcsError TaskSetNotFoundException */
export function requireTaskSet(service: ExternalService, ref: string | undefined): TaskSet {
  const arn = parseTaskSetRef(service, ref);
  const taskSet = service.taskSets.find((one) => one.arn === arn);
  if (!taskSet) throw taskSetNotFound();
  return taskSet;
}
