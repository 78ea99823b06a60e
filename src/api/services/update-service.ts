import type { UpdateServiceRequest, UpdateServiceResponse } from '@aws-sdk/client-ecs';
import { checkServiceTags } from '../../domain/account-setting/long-arns.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import type { TaskDefinition } from '../../domain/task-definition/task-definition.ts';
import { clientError } from '../../domain/errors.ts';
import { enterEcs, leaveEcs } from '../../domain/service/controller-change.ts';
import { newRevision } from '../../domain/service/new-revision.ts';
import { checkReach } from '../../domain/service/reach.ts';
import { revisionDigits } from '../../domain/service/service-ids.ts';
import { updatedExternalService } from '../../domain/service/task-sets/external-service.ts';
import {
  isExternal,
  revisionsOf,
  type AnyService,
  type Service,
} from '../../domain/service/service.ts';
import {
  parseUpdate,
  withNewDeployment,
  type Deployable,
  type ServiceUpdate,
} from '../../domain/service/update-service.ts';
import type { Transaction } from '../../state/state.ts';
import { callersLongArns } from '../account-settings/effective-account-setting.ts';
import { knownCapacityProviders } from '../capacity-providers/known-capacity-providers.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { requireRunnable } from '../task-definitions/require-task-definition.ts';
import { beginDeployment } from './begin-deployment.ts';
import { connectService } from './connect-service.ts';
import { requireActiveService } from './require-service.ts';
import { registryFinder } from './registry-finder.ts';
import { serviceView } from './service-view.ts';

export function updateService(
  input: UpdateServiceRequest,
  ctx: RequestContext,
): UpdateServiceResponse {
  const service = ctx.state.transact((tx) => {
    const before = requireActiveService(tx, ctx.scope, input);
    checkServiceTags(input, callersLongArns(tx, ctx));
    const updated = updatedService(tx, ctx, before, input);
    tx.services.put(updated);
    return updated;
  });

  return { service: serviceView(service, ctx.state.read, {}) };
}

function updatedService(
  tx: Transaction,
  ctx: RequestContext,
  before: AnyService,
  input: UpdateServiceRequest,
): AnyService {
  const controller = input.deploymentController?.type;
  if (!isExternal(before)) {
    if (controller === 'EXTERNAL') return leaveEcs(before, input, ctx.now);
    return updatedOfEcs(tx, ctx, before, input);
  }
  if (controller !== 'ECS') return updatedExternalService(before, input);
  const updated = updatedOfEcs(tx, ctx, enterEcs(before, ctx.now), input);
  // Revisions of task sets are of no interest to anybody before.
  for (const revision of revisionsOf(updated)) tx.serviceRevisions.put(revision);
  return updated;
}

function updatedOfEcs(
  tx: Transaction,
  ctx: RequestContext,
  before: Deployable,
  input: UpdateServiceRequest,
): Service {
  const cluster = requireLiveCluster(tx, ctx.scope, input.cluster);
  const definition = definitionOf(tx, ctx, before, input.taskDefinition);
  const { find: findCapacityProvider } = knownCapacityProviders(tx, ctx.scope);
  const place = {
    cluster,
    definition,
    findCapacityProvider,
    findRegistry: registryFinder(tx, ctx.scope),
  };
  const update = parseUpdate(before, input, place, ctx.now);
  checkReach(update.service.deploymentConfiguration, ctx.reach);
  const updated = withUpdate(tx, ctx, cluster, update);
  if (update.revision) beginDeployment(tx, ctx, updated);
  return updated;
}

/** A service keeps the definition that it has, also one that has been deregistered since. */
function definitionOf(
  tx: Transaction,
  { scope }: RequestContext,
  { deployments }: Deployable,
  ref: string | undefined,
): TaskDefinition {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const before = primary && tx.taskDefinitions.findByArn(primary.revision.taskDefinitionArn);
  if (ref !== undefined || !before) return requireRunnable(tx, scope, ref, clientError);
  return before;
}

function withUpdate(
  tx: Transaction,
  ctx: RequestContext,
  cluster: Cluster,
  { service, revision: content }: ServiceUpdate,
): Service {
  if (!content) return service;
  const { arn: serviceArn, clusterArn } = service;
  const digits = revisionDigits(ctx.newId());
  const at = { cluster, serviceArn };
  const serviceConnect = connectService(tx, ctx, content.serviceConnect, at);
  const { now } = ctx;
  return withNewDeployment(
    service,
    newRevision({ serviceArn, clusterArn, content, serviceConnect, digits, now }),
  );
}
