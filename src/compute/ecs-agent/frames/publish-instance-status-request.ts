import { frame, listOf, number, object, oneOf, optional, text } from './frame.ts';

/** How the instance itself is. It comes after an ACS heartbeat, which makes the agent look. */
export const publishInstanceStatusRequest = frame(
  'PublishInstanceStatusRequest',
  object({
    metadata: optional(
      object({
        cluster: optional(text),
        containerInstance: optional(text),
        requestId: optional(text),
      }),
    ),
    statuses: optional(
      listOf(
        object({
          /** `ContainerRuntime`, and whatever later agents look at. */
          type: text,
          status: oneOf('OK', 'IMPAIRED', 'INSUFFICIENT_DATA', 'INITIALIZING'),
          lastUpdated: optional(number),
          lastStatusChange: optional(number),
        }),
      ),
    ),
    timestamp: optional(number),
  }),
);
