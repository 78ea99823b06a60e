import type { DescribeDaemonRequest, DescribeDaemonResponse } from '@aws-sdk/client-ecs';
import type { RequestContext } from '../operation.ts';
import { daemonView } from './daemon-view.ts';
import { requireDaemon } from './require-daemon.ts';

export function describeDaemon(
  input: DescribeDaemonRequest,
  { state, scope }: RequestContext,
): DescribeDaemonResponse {
  const daemon = requireDaemon(state.read, scope, input.daemonArn);
  return { daemon: daemonView(daemon, state.read) };
}
