import type {
  SubmitTaskStateChangeRequest,
  SubmitTaskStateChangeResponse,
} from '@aws-sdk/client-ecs';
import { parseTaskChange } from '../../domain/task/agent-state-change.ts';
import type { RequestContext } from '../operation.ts';
import { acknowledged, takeTaskChange } from './take-task-change.ts';

export function submitTaskStateChange(
  input: SubmitTaskStateChangeRequest,
  ctx: RequestContext,
): SubmitTaskStateChangeResponse {
  takeTaskChange(input, parseTaskChange(input), ctx);
  return acknowledged;
}
