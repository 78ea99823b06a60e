import type { CreateTaskSetRequest, CreateTaskSetResponse } from '@aws-sdk/client-ecs';
import { checkTaskSetTags } from '../../domain/account-setting/long-arns.ts';
import { clientError } from '../../domain/errors.ts';
import { newRevision } from '../../domain/service/new-revision.ts';
import { checkServiceToken } from '../../domain/service/new-service.ts';
import { revisionDigits } from '../../domain/service/service-ids.ts';
import {
  findRepeated,
  newTaskSet,
  parseTaskSet,
} from '../../domain/service/task-sets/new-task-set.ts';
import { callersLongArns } from '../account-settings/effective-account-setting.ts';
import { knownCapacityProviders } from '../capacity-providers/known-capacity-providers.ts';
import type { RequestContext } from '../operation.ts';
import { requestDigest } from '../request-digest.ts';
import { requireLiveCluster } from '../require.ts';
import { registryFinder } from '../services/registry-finder.ts';
import { countsOf } from '../services/service-view.ts';
import { requireRunnable } from '../task-definitions/require-task-definition.ts';
import { requireActiveExternalService } from './require-external-service.ts';
import { taskSetView } from './task-set-view.ts';

export function createTaskSet(
  input: CreateTaskSetRequest,
  ctx: RequestContext,
): CreateTaskSetResponse {
  const request = { clientToken: input.clientToken, requestDigest: requestDigest(input) };

  const { service, taskSet } = ctx.state.transact((tx) => {
    const before = requireActiveExternalService(tx, ctx.scope, input);
    const cluster = requireLiveCluster(tx, ctx.scope, input.cluster);
    checkServiceToken(input.clientToken);
    const repeated = findRepeated(before, request);
    if (repeated) return { service: before, taskSet: repeated };
    checkTaskSetTags(input, callersLongArns(tx, ctx));
    const definition = requireRunnable(tx, ctx.scope, input.taskDefinition, clientError);
    const { find: findCapacityProvider } = knownCapacityProviders(tx, ctx.scope);
    const spec = parseTaskSet(before, input, {
      cluster,
      definition,
      findCapacityProvider,
      findRegistry: registryFinder(tx, ctx.scope),
    });
    const revision = newRevision({
      serviceArn: before.arn,
      clusterArn: cluster.arn,
      content: spec.revision,
      digits: revisionDigits(ctx.newId()),
      now: ctx.now,
    });
    const created = newTaskSet({ service: before, spec, revision, ...request });
    tx.services.put({ ...before, taskSets: [...before.taskSets, created] });
    return { service: before, taskSet: created };
  });

  const tags = taskSet.tags.length > 0;
  return {
    taskSet: taskSetView(service, taskSet, countsOf(service, taskSet.deployment, ctx.state.read), {
      tags,
    }),
  };
}
