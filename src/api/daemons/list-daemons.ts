import type { ListDaemonsRequest, ListDaemonsResponse } from '@aws-sdk/client-ecs';
import { parseCapacityProviderRef } from '../../domain/capacity-provider/capacity-provider-ref.ts';
import type { Daemon } from '../../domain/daemon/daemon.ts';
import { present } from '../../domain/present.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { requireLiveCluster } from '../require.ts';
import { daemonSummary } from './daemon-view.ts';

export function listDaemons(
  input: ListDaemonsRequest,
  { state, scope }: RequestContext,
): ListDaemonsResponse {
  const cluster = requireLiveCluster(state.read, scope, input.clusterArn);
  const refs = input.capacityProviderArns ?? [];
  const wanted = new Set(refs.map((ref) => parseCapacityProviderRef(scope, ref)));
  const { rows, nextToken } = pageOf<Daemon>({
    request: input,
    list: ['ListDaemons', cluster.arn, ...wanted],
    rowsAfter: function* (key) {
      for (const daemon of state.read.daemons.list(cluster.arn, key)) {
        const isWanted = daemon.aim.capacityProviderArns.some((arn) => wanted.has(arn));
        if (wanted.size === 0 || isWanted) yield daemon;
      }
    },
    keyOf: (daemon) => daemon.arn,
  });
  return { daemonSummariesList: rows.map(daemonSummary), ...present({ nextToken }) };
}
