import type {
  DescribeServicesRequest,
  DescribeServicesResponse,
  Failure,
  Service as WireService,
} from '@aws-sdk/client-ecs';
import { invalidParameter } from '../../domain/errors.ts';
import { parseServiceRef } from '../../domain/service/service-ref.ts';
import type { Encodable, Fragment } from '../../protocol/fragment.ts';
import { parseIncludes } from '../includes.ts';
import type { RequestContext } from '../operation.ts';
import { requireLiveCluster } from '../require.ts';
import { serviceFragment } from './service-view.ts';

const most = 10;

export function describeServices(
  input: DescribeServicesRequest,
  { state, scope }: RequestContext,
): Encodable<DescribeServicesResponse> {
  const { read } = state;
  const cluster = requireLiveCluster(read, scope, input.cluster);
  const refs = input.services ?? [];
  // [inferred texts]
  if (refs.length === 0) throw invalidParameter('Services cannot be empty.');
  if (refs.length > most) throw invalidParameter(`services can have at most ${most} items.`);
  const tags = parseIncludes(input.include, ['TAGS']).has('TAGS');

  const services: Fragment<WireService>[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseServiceRef(cluster.arn, ref)))) {
    const service = read.services.findByArn(arn);
    if (service) services.push(serviceFragment(service, read, { tags, current: true }));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { services, failures };
}
