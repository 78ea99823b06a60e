import { frame, integer, listOf, named, object, optional, text } from './frame.ts';
import { addressed, generated } from './addressed.ts';
import { elasticNetworkInterface } from './elastic-network-interface.ts';

/** The interface of an `awsvpc` task is on its way. */
export const attachTaskNetworkInterfacesMessage = frame(
  'AttachTaskNetworkInterfacesMessage',
  object({
    ...addressed,
    ...generated,
    taskArn: named,
    taskClusterArn: optional(text),
    waitTimeoutMs: integer,
    elasticNetworkInterfaces: listOf(elasticNetworkInterface),
  }),
);
