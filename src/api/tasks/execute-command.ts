import type { ExecuteCommandRequest, ExecuteCommandResponse } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../../domain/errors.ts';
import {
  checkExecuteCommand,
  execContainer,
  execLog,
  sessionsNeedKms,
  targetNotConnected,
} from '../../domain/task/execute-command.ts';
import { parseTaskRef } from '../../domain/task/task-ref.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';

export function executeCommand(
  input: ExecuteCommandRequest,
  { state, scope, callerArn, origin, now, exec, reach }: RequestContext,
): ExecuteCommandResponse {
  const cluster = requireLiveCluster(state.read, scope, input.cluster);
  if (!input.task) throw invalidParameter('Task can not be blank.');
  const task = state.read.tasks.findByArn(parseTaskRef(cluster.arn, input.task));
  if (!task) throw invalidParameter('The referenced task was not found.');
  checkExecuteCommand(input);
  const container = execContainer(task, input.container);
  if (!exec?.reaches(task)) throw targetNotConnected();
  const kmsKeyId = cluster.configuration?.executeCommandConfiguration?.kmsKeyId;
  if (kmsKeyId !== undefined && !reach.kms) throw sessionsNeedKms();

  const { command = '' } = input;
  const order = { task, container: container.name, command };
  const { id, token, path } = exec.open(order, {
    accountId: scope.accountId,
    callerArn,
    kmsKeyId,
  });
  state.transact((tx) => {
    const about = { sessionId: id, callerArn, container: container.name, command };
    const body = JSON.stringify({ kind: 'began', ...about });
    tx.append({ log: execLog, subject: task.arn, at: now, body });
  });
  return {
    clusterArn: cluster.arn,
    containerArn: container.arn,
    containerName: container.name,
    interactive: true,
    session: {
      sessionId: id,
      streamUrl: `${origin.replace(/^http/, 'ws')}${path}${id}?role=publish_subscribe`,
      tokenValue: token,
    },
    taskArn: task.arn,
  };
}
