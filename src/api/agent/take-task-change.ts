import { definitionOfTask } from '../../state/definition-of-task.ts';
import type { SubmitTaskStateChangeRequest } from '@aws-sdk/client-ecs';
import { isArn } from '../../domain/arn.ts';
import type { AgentTaskChange } from '../../domain/task/agent-state-change.ts';
import { applyAgentChange } from '../../domain/task/apply-agent-change.ts';
import { parseTaskRef } from '../../domain/task/task-ref.ts';
import type { RequestContext } from '../operation.ts';
import { requireCluster } from '../require.ts';

/** The agent never looks at the text. */
export const acknowledged = { acknowledgment: 'ACK' };

/**
 * Applies what an agent submits of a task. A task that is not known here, or does not run on an agent, is passed
 * over: the agent would repeat a refused event for ever.
 */
export function takeTaskChange(
  { cluster: clusterRef, task: ref }: Pick<SubmitTaskStateChangeRequest, 'cluster' | 'task'>,
  change: AgentTaskChange,
  { state, scope, now }: RequestContext,
): void {
  state.transact((tx) => {
    const cluster = requireCluster(tx, scope, clusterRef);
    if (!ref || !isArn(ref)) return;
    const task = tx.tasks.findByArn(parseTaskRef(cluster.arn, ref));
    const definition = task && definitionOfTask(tx, task);
    if (!task?.containerInstanceArn || !definition) return;
    tx.tasks.put(applyAgentChange(task, change, definition, now));
  });
}
