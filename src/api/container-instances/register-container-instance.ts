import type {
  RegisterContainerInstanceRequest,
  RegisterContainerInstanceResponse,
} from '@aws-sdk/client-ecs';
import { parseContainerInstanceRef } from '../../domain/container-instance/container-instance-ref.ts';
import {
  capacityProviderOf,
  instanceNotRegistered,
  newContainerInstance,
  parseRegistration,
  reregistered,
} from '../../domain/container-instance/registration.ts';
import { daemonsAwaitedOn } from '../../state/daemon-instances.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { containerInstanceView } from './container-instance-view.ts';

/** Agents send a token that the service model does not have. */
type AgentRequest = RegisterContainerInstanceRequest & { readonly clientToken?: string };

export function registerContainerInstance(
  input: AgentRequest,
  ctx: RequestContext,
): RegisterContainerInstanceResponse {
  const instance = ctx.state.transact((tx) => {
    const cluster = requireLiveCluster(tx, ctx.scope, input.cluster);
    const registration = parseRegistration(input, input.clientToken);
    if (input.containerInstanceArn) {
      const arn = parseContainerInstanceRef(cluster.arn, input.containerInstanceArn);
      const known = tx.containerInstances.findByArn(arn);
      const isAgents = known !== undefined && known.machineId === undefined;
      if (!isAgents || known.status === 'INACTIVE') throw instanceNotRegistered(arn);
      const again = reregistered(known, registration);
      tx.containerInstances.put(again);
      return again;
    }
    const { token } = registration;
    const before =
      token === undefined ? undefined : tx.containerInstances.findByToken(ctx.scope, token);
    if (before) return before;
    const provider = capacityProviderOf(registration);
    const created = newContainerInstance({
      cluster,
      registration,
      now: ctx.now,
      id: ctx.newId(),
      awaitedDaemons: daemonsAwaitedOn(tx, cluster.arn, provider),
    });
    tx.containerInstances.put(created);
    return created;
  });

  return { containerInstance: containerInstanceView(instance, ctx.state.read, { tags: true }) };
}
