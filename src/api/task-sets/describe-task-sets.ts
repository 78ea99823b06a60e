import type {
  DescribeTaskSetsRequest,
  DescribeTaskSetsResponse,
  Failure,
  TaskSet as WireTaskSet,
} from '@aws-sdk/client-ecs';
import { parseTaskSetRef } from '../../domain/service/task-sets/task-set-ref.ts';
import { parseIncludes } from '../includes.ts';
import type { RequestContext } from '../operation.ts';
import { countsOf } from '../services/service-view.ts';
import { requireExternalService } from './require-external-service.ts';
import { taskSetView } from './task-set-view.ts';

export function describeTaskSets(
  input: DescribeTaskSetsRequest,
  { state: { read }, scope }: RequestContext,
): DescribeTaskSetsResponse {
  const service = requireExternalService(read, scope, input);
  const tags = parseIncludes(input.include, ['TAGS']).has('TAGS');
  const given = (input.taskSets ?? []).map((ref) => parseTaskSetRef(service, ref));
  const asked = given.length > 0 ? new Set(given) : service.taskSets.map(({ arn }) => arn);

  const taskSets: WireTaskSet[] = [];
  const failures: Failure[] = [];
  for (const arn of asked) {
    const taskSet = service.taskSets.find((one) => one.arn === arn);
    if (taskSet)
      taskSets.push(
        taskSetView(service, taskSet, countsOf(service, taskSet.deployment, read), { tags }),
      );
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { taskSets, failures };
}
