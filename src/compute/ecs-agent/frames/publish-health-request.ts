import { flag, frame, listOf, number, object, oneOf, optional, text } from './frame.ts';

/** The health of containers that have a check: the only source of it. */
export const publishHealthRequest = frame(
  'PublishHealthRequest',
  object({
    metadata: optional(
      object({
        cluster: optional(text),
        containerInstance: optional(text),
        messageId: optional(text),
        fin: optional(flag),
      }),
    ),
    tasks: optional(
      listOf(
        object({
          taskArn: text,
          taskDefinitionFamily: optional(text),
          taskDefinitionVersion: optional(text),
          containers: optional(
            listOf(
              object({
                containerName: text,
                healthStatus: oneOf('HEALTHY', 'UNHEALTHY', 'UNKNOWN'),
                /** Seconds since the epoch. */
                statusSince: optional(number),
              }),
            ),
          ),
        }),
      ),
    ),
    timestamp: optional(number),
  }),
);
