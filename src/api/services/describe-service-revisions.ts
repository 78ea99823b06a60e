import type {
  DescribeServiceRevisionsRequest,
  DescribeServiceRevisionsResponse,
  Failure,
  ServiceRevision as WireServiceRevision,
} from '@aws-sdk/client-ecs';
import { present } from '../../domain/present.ts';
import { checkArnCount, parseServiceRevisionArn } from '../../domain/service/service-part-ref.ts';
import type { ServiceRevision } from '../../domain/service/service.ts';
import type { RequestContext } from '../operation.ts';
import {
  loadBalancersView,
  registriesView,
  sharedMembers,
  storageMembers,
  volumeMembers,
} from './revision-members.ts';

export function describeServiceRevisions(
  input: DescribeServiceRevisionsRequest,
  { state: { read }, scope }: RequestContext,
): DescribeServiceRevisionsResponse {
  const refs = checkArnCount('serviceRevisionArns', input.serviceRevisionArns);

  const serviceRevisions: WireServiceRevision[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseServiceRevisionArn(scope, ref)))) {
    const revision = read.serviceRevisions.findByArn(arn);
    if (revision) serviceRevisions.push(serviceRevisionView(revision));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { serviceRevisions, failures };
}

/** The API's shape of a revision (API reference, "ServiceRevision"). */
function serviceRevisionView(revision: ServiceRevision): WireServiceRevision {
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: revision.serviceArn,
    clusterArn: revision.clusterArn,
    taskDefinition: revision.taskDefinitionArn,
    ...sharedMembers(revision),
    ...present({ platformVersion: revision.platformVersion }),
    ...present({ serviceConnectConfiguration: revision.serviceConnect?.configuration }),
    ...volumeMembers(revision),
    ...storageMembers(revision),
    loadBalancers: loadBalancersView(revision),
    ...resolvedMembers(revision),
    serviceRegistries: registriesView(revision),
    containerImages: revision.containerImages.map(({ containerName, image, imageDigest }) => ({
      containerName,
      image,
      ...present({ imageDigest }),
    })),
    guardDutyEnabled: false,
    createdAt: new Date(revision.createdAt),
  };
}

/** Which of its target groups the revision has for itself. */
function resolvedMembers({
  loadBalancers,
}: ServiceRevision): Pick<WireServiceRevision, 'resolvedConfiguration'> {
  if (!loadBalancers) return {};
  return {
    resolvedConfiguration: {
      loadBalancers: loadBalancers.map(({ usedTargetGroupArn, productionListenerRule }) => ({
        targetGroupArn: usedTargetGroupArn,
        productionListenerRule,
      })),
    },
  };
}
