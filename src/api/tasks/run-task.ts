import { createHash } from 'node:crypto';
import type { RunTaskRequest, RunTaskResponse } from '@aws-sdk/client-ecs';
import { checkTaskTags } from '../../domain/account-setting/long-arns.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { checkClientToken, checkSameRequest } from '../../domain/task/client-token.ts';
import type { PlacementFailure } from '../../domain/placement/placement-failure.ts';
import type { PlacementSpec } from '../../domain/placement/placement-spec.ts';
import { newTask } from '../../domain/task/new-task.ts';
import { noContainerInstances, parseRunTask } from '../../domain/task/run-task-request.ts';
import { runTaskPlacement } from '../../domain/task/task-placement.ts';
import type { Task } from '../../domain/task/task.ts';
import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import type { Place } from '../../state/placements.ts';
import type { Transaction } from '../../state/state.ts';
import { callersLongArns } from '../account-settings/effective-account-setting.ts';
import { knownCapacityProviders } from '../capacity-providers/known-capacity-providers.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { requireRunnable } from '../task-definitions/require-task-definition.ts';
import { taskView } from './task-view.ts';

export function runTask(input: RunTaskRequest, ctx: RequestContext): RunTaskResponse {
  const { clientToken, ...request } = input;
  const requestDigest = createHash('sha256').update(JSON.stringify(request)).digest('base64');

  const failures: PlacementFailure[] = [];
  const tasks = ctx.state.transact((tx) => {
    const definition = requireRunnable(tx, ctx.scope, input.taskDefinition);
    const cluster = requireLiveCluster(tx, ctx.scope, input.cluster);
    checkClientToken(clientToken);
    const before = replayed(tx, cluster, clientToken, requestDigest);
    if (before) return before;
    checkTaskTags(input, callersLongArns(tx, ctx));

    const started = startTasks(tx, ctx, { input, cluster, definition, failures });
    if (clientToken !== undefined) {
      tx.clientTokens.put({
        key: `${cluster.arn} ${clientToken}`,
        requestDigest,
        taskArns: started.map((task) => task.arn),
        createdAt: ctx.now,
      });
    }
    return started;
  });

  return { tasks: tasks.map((task) => taskView(task, { tags: true })), failures };
}

/** The tasks of an earlier call with the token, as they are now. A token ends with the last of them. */
function replayed(
  tx: Transaction,
  cluster: Cluster,
  clientToken: string | undefined,
  requestDigest: string,
): Task[] | undefined {
  const token =
    clientToken === undefined ? undefined : tx.clientTokens.findToken(cluster.arn, clientToken);
  const tasks = token?.taskArns.flatMap((arn) => tx.tasks.findByArn(arn) ?? []) ?? [];
  if (!token || tasks.length === 0) return undefined;
  checkSameRequest(token, requestDigest);
  return tasks;
}

/** Finds a place for each of several like tasks: all of a capacity provider are looked for by one specification. */
function placer(
  tx: Transaction,
  { arn }: Cluster,
  wanted: PlacementSpec,
): (capacityProvider: string | undefined) => Place {
  const specs = new Map<string, PlacementSpec>();
  return (capacityProviderName) => {
    if (capacityProviderName === undefined) return tx.placements.find(arn, wanted);
    const spec = specs.get(capacityProviderName) ?? { ...wanted, capacityProviderName };
    specs.set(capacityProviderName, spec);
    return tx.placements.find(arn, spec);
  };
}

interface Start {
  readonly input: RunTaskRequest;
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  /** Takes the reasons why instances did not get a task. */
  readonly failures: PlacementFailure[];
}

function startTasks(
  tx: Transaction,
  { scope, now, newId, newUuid }: RequestContext,
  { input, cluster, definition, failures }: Start,
): Task[] {
  const { find: findCapacityProvider } = knownCapacityProviders(tx, scope);
  const spec = parseRunTask(input, { cluster, definition, findCapacityProvider });
  const made = { cluster, definition, spec, now, newId, newUuid };
  const find =
    spec.launch.launchType === 'FARGATE'
      ? () => undefined
      : placer(tx, cluster, runTaskPlacement(spec, definition, input));
  const started: Task[] = [];
  const full = new Set<string | undefined>();
  for (const [turn, capacityProvider] of spec.launch.providers.entries()) {
    // What has no place for one task has none for its likes.
    if (full.has(capacityProvider)) continue;
    const place = find(capacityProvider);
    if (place?.kind === 'Refused') {
      if (place.failures.length === 0) throw noContainerInstances();
      failures.push(...place.failures);
      full.add(capacityProvider);
      continue;
    }
    const placement = place && { placement: place };
    const task = newTask({ ...made, capacityProvider, turn, ...placement });
    tx.tasks.put(task);
    started.push(task);
  }
  return started;
}
