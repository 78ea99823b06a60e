import type {
  DaemonRevision as WireDaemonRevision,
  DescribeDaemonRevisionsRequest,
  DescribeDaemonRevisionsResponse,
  Failure,
} from '@aws-sdk/client-ecs';
import { parseDaemonRevisionArn } from '../../domain/daemon/daemon-ref.ts';
import type { DaemonRevision } from '../../domain/daemon/daemon.ts';
import { checkArnCount } from '../../domain/service/service-part-ref.ts';
import { present } from '../../domain/present.ts';
import type { RequestContext } from '../operation.ts';

export function describeDaemonRevisions(
  input: DescribeDaemonRevisionsRequest,
  { state: { read }, scope }: RequestContext,
): DescribeDaemonRevisionsResponse {
  const refs = checkArnCount('daemonRevisionArns', input.daemonRevisionArns);

  const daemonRevisions: WireDaemonRevision[] = [];
  const failures: Failure[] = [];
  for (const arn of new Set(refs.map((ref) => parseDaemonRevisionArn(scope, ref)))) {
    const revision = read.daemonRevisions.findByArn(arn);
    if (revision) daemonRevisions.push(revisionView(revision));
    else failures.push({ arn, reason: 'MISSING' });
  }
  return { daemonRevisions, failures };
}

/** The API's shape of a daemon revision (API reference, "DaemonRevision"). */
function revisionView(revision: DaemonRevision): WireDaemonRevision {
  const { arn, taskDefinitionArn, containerImages, createdAt, ...shown } = revision;
  return {
    ...shown,
    daemonRevisionArn: arn,
    daemonTaskDefinitionArn: taskDefinitionArn,
    containerImages: containerImages.map(({ containerName, image, imageDigest }) => ({
      containerName,
      image,
      ...present({ imageDigest }),
    })),
    createdAt: new Date(createdAt),
  };
}
