import type { CreateServiceRequest, CreateServiceResponse } from '@aws-sdk/client-ecs';
import { checkServiceTags } from '../../domain/account-setting/long-arns.ts';
import { serviceArn } from '../../domain/arn.ts';
import type { Cluster } from '../../domain/cluster/cluster.ts';
import { clientError } from '../../domain/errors.ts';
import { newRevision } from '../../domain/service/new-revision.ts';
import {
  checkServiceReplay,
  checkServiceToken,
  maximumServicesPerCluster,
  newService,
  parseService,
  type ServiceSpec,
} from '../../domain/service/new-service.ts';
import { tooManyServices } from '../../domain/service/service-errors.ts';
import { checkReach } from '../../domain/service/reach.ts';
import { revisionDigits } from '../../domain/service/service-ids.ts';
import { parseNewServiceName } from '../../domain/service/service-ref.ts';
import type { ExternalService, Service } from '../../domain/service/service.ts';
import {
  newExternalService,
  parseExternalService,
} from '../../domain/service/task-sets/external-service.ts';
import type { Transaction } from '../../state/state.ts';
import { callersLongArns } from '../account-settings/effective-account-setting.ts';
import { knownCapacityProviders } from '../capacity-providers/known-capacity-providers.ts';
import { total } from '../clusters/cluster-view.ts';
import type { RequestContext } from '../operation.ts';
import { requestDigest } from '../request-digest.ts';
import { requireLiveCluster } from '../require.ts';
import { requireRunnable } from '../task-definitions/require-task-definition.ts';
import { beginDeployment } from './begin-deployment.ts';
import { connectService } from './connect-service.ts';
import { registryFinder } from './registry-finder.ts';
import { serviceView } from './service-view.ts';

export function createService(
  input: CreateServiceRequest,
  ctx: RequestContext,
): CreateServiceResponse {
  const request = { clientToken: input.clientToken, requestDigest: requestDigest(input) };

  const name = parseNewServiceName(input.serviceName);
  const service = ctx.state.transact((tx) => {
    const cluster = requireLiveCluster(tx, ctx.scope, input.cluster);
    const arn = serviceArn(ctx.scope, cluster.name, name);
    checkServiceToken(input.clientToken);
    const existing = tx.services.findByArn(arn);
    if (existing && existing.status !== 'INACTIVE') {
      checkServiceReplay(existing, request);
      return existing;
    }
    checkServiceTags(input, callersLongArns(tx, ctx));
    if (input.deploymentController?.type === 'EXTERNAL') {
      return startExternalService(tx, ctx, { arn, cluster, input, request });
    }
    const definition = requireRunnable(tx, ctx.scope, input.taskDefinition, clientError);
    const { find: findCapacityProvider } = knownCapacityProviders(tx, ctx.scope);
    const spec = parseService(input, {
      cluster,
      definition,
      findCapacityProvider,
      findRegistry: registryFinder(tx, ctx.scope),
    });
    checkReach(spec.settings.deploymentConfiguration, ctx.reach);
    return startService(tx, ctx, { arn, cluster, spec, request });
  });

  return { service: serviceView(service, ctx.state.read, { tags: service.tags.length > 0 }) };
}

/** @throws EcsError where the cluster has as many services as it may have; all other faults are found before */
function checkCapacity(tx: Transaction, cluster: Cluster): void {
  const { active, draining } = tx.services.countsOf(cluster.arn);
  if (total(active) + total(draining) >= maximumServicesPerCluster) throw tooManyServices();
}

interface NewOne {
  readonly arn: Service['arn'];
  readonly cluster: Cluster;
  readonly request: { readonly clientToken: string | undefined; readonly requestDigest: string };
}

type Start = NewOne & { readonly spec: ServiceSpec };
type ExternalStart = NewOne & { readonly input: CreateServiceRequest };

/** It starts nothing: CreateTaskSet does. */
function startExternalService(
  tx: Transaction,
  { now, callerArn: createdBy }: RequestContext,
  { arn, cluster, input, request }: ExternalStart,
): ExternalService {
  const name = parseNewServiceName(input.serviceName);
  const spec = parseExternalService(input);
  const created = newExternalService({ arn, name, cluster, spec, createdBy, ...request, now });
  checkCapacity(tx, cluster);
  tx.services.put(created);
  return created;
}

function startService(
  tx: Transaction,
  ctx: RequestContext,
  { arn, cluster, spec, request }: Start,
): Service {
  const { now, callerArn: createdBy } = ctx;
  const digits = revisionDigits(ctx.newId());
  const content = spec.revision;
  const revision = newRevision({
    serviceArn: arn,
    clusterArn: cluster.arn,
    content,
    serviceConnect: connectService(tx, ctx, content.serviceConnect, { cluster, serviceArn: arn }),
    digits,
    now,
  });
  const created = newService({ arn, cluster, spec, revision, createdBy, ...request, now });
  checkCapacity(tx, cluster);
  tx.services.put(created);
  beginDeployment(tx, ctx, created);
  return created;
}
