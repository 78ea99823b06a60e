import type {
  DiscoverPollEndpointRequest,
  DiscoverPollEndpointResponse,
} from '@aws-sdk/client-ecs';
import type { RequestContext } from '../operation.ts';

/**
 * Where an agent opens its two websockets: here, by the way it reached us. The agent turns http into ws itself, adds
 * `/ws`, and asks again after 12 hours or a restart only.
 */
export function discoverPollEndpoint(
  _: DiscoverPollEndpointRequest,
  { origin, serviceConnectEndpoint }: RequestContext,
): DiscoverPollEndpointResponse {
  return {
    endpoint: `${origin}/ecs-agent/acs/`,
    telemetryEndpoint: `${origin}/ecs-agent/tcs/`,
    // Without one an agent would take its proxies to AWS; here they find nobody.
    serviceConnectEndpoint: serviceConnectEndpoint ?? origin,
  };
}
