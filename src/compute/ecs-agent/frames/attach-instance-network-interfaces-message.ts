import { frame, integer, listOf, object } from './frame.ts';
import { addressed, generated } from './addressed.ts';
import { elasticNetworkInterface } from './elastic-network-interface.ts';

/** The trunk interface of an instance is on its way. */
export const attachInstanceNetworkInterfacesMessage = frame(
  'AttachInstanceNetworkInterfacesMessage',
  object({
    ...addressed,
    ...generated,
    waitTimeoutMs: integer,
    elasticNetworkInterfaces: listOf(elasticNetworkInterface),
  }),
);
