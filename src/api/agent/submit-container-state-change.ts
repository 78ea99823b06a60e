import type {
  SubmitContainerStateChangeRequest,
  SubmitContainerStateChangeResponse,
} from '@aws-sdk/client-ecs';
import { parseContainerChange } from '../../domain/task/agent-state-change.ts';
import type { RequestContext } from '../operation.ts';
import { acknowledged, takeTaskChange } from './take-task-change.ts';

/** Older agents tell of a container by itself. */
export function submitContainerStateChange(
  input: SubmitContainerStateChangeRequest,
  ctx: RequestContext,
): SubmitContainerStateChangeResponse {
  const containers = [parseContainerChange(input)];
  const change = { containers, managedAgents: [], isAttached: false };
  takeTaskChange(input, change, ctx);
  return acknowledged;
}
