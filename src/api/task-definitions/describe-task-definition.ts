import type {
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
} from '@aws-sdk/client-ecs';
import {
  cannotDescribeTaskDefinition,
  describedTaskDefinitionBlank,
  parseTaskDefinitionRef,
} from '../../domain/task-definition/task-definition-ref.ts';
import type { Encodable } from '../../protocol/fragment.ts';
import { parseIncludes } from '../includes.ts';
import type { RequestContext } from '../operation.ts';
import { requireTaskDefinition } from './require-task-definition.ts';
import { taskDefinitionFragment } from './task-definition-view.ts';

export function describeTaskDefinition(
  input: DescribeTaskDefinitionRequest,
  { state, scope }: RequestContext,
): Encodable<DescribeTaskDefinitionResponse> {
  const ref = parseTaskDefinitionRef(scope, input.taskDefinition, describedTaskDefinitionBlank);
  const withTags = parseIncludes(input.include, ['TAGS']).has('TAGS');
  const definition = requireTaskDefinition(state.read, scope, ref, cannotDescribeTaskDefinition);
  return {
    taskDefinition: taskDefinitionFragment(definition),
    ...(withTags && { tags: [...definition.tags] }),
  };
}
