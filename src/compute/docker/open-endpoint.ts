import type { Logger } from '../../support/logger.ts';
import { taskEndpointHost, type EndpointSocket } from './endpoint-socket.ts';
import { EngineError, type Engine } from './engine.ts';
import { labelKeys } from './names.ts';

/** Whichever installation comes first makes it, for all on the Engine. */
const network = {
  name: 'longshore-endpoint',
  range: { Subnet: '169.254.170.0/30', Gateway: taskEndpointHost },
};

/**
 * All containers reach the machine by the gateway of their network, and there every address of the machine: a
 * network that nobody joins gives it the one that SDKs look for.
 */
export async function openEndpoint(
  endpoint: EndpointSocket,
  engine: Engine,
  log: Logger,
): Promise<void> {
  if (endpoint.host === taskEndpointHost) {
    const labels = { [labelKeys.installation]: 'shared' };
    try {
      await engine.createNetwork(network.name, labels, network.range);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      log.warn({ reason: error.message }, 'The Engine gives tasks no endpoint.');
    }
  }
  await endpoint.listen();
}
