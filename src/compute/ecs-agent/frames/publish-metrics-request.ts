import { flag, frame, integer, listOf, number, object, optional, text } from './frame.ts';

/** Samples since the last message; their mean is `sum` over `sampleCount`. */
const statistics = object({ min: number, max: number, sum: number, sampleCount: integer });

/** Counters since the container started. What does not fit into 63 bits is in the overflows. */
const counter = object({
  min: number,
  max: number,
  sum: number,
  sampleCount: integer,
  overflowMin: optional(number),
  overflowMax: optional(number),
  overflowSum: optional(number),
});

const network = object({
  rxBytes: optional(counter),
  rxDropped: optional(counter),
  rxErrors: optional(counter),
  rxPackets: optional(counter),
  txBytes: optional(counter),
  txDropped: optional(counter),
  txErrors: optional(counter),
  txPackets: optional(counter),
  rxBytesPerSecond: optional(statistics),
  txBytesPerSecond: optional(statistics),
});

const containerMetric = object({
  containerName: optional(text),
  /** Percent of the whole host: one busy core of two is 50. */
  cpuStatsSet: optional(statistics),
  /** MiB, without the page cache. */
  memoryStatsSet: optional(statistics),
  networkStatsSet: optional(network),
  storageStatsSet: optional(
    object({ readSizeBytes: optional(counter), writeSizeBytes: optional(counter) }),
  ),
  /** Restarts by the container's own restart policy since the last message. */
  restartStatsSet: optional(object({ restartCount: optional(integer) })),
});

const taskMetric = object({
  taskArn: text,
  taskDefinitionFamily: optional(text),
  taskDefinitionVersion: optional(text),
  containerMetrics: optional(listOf(containerMetric)),
});

/** What containers use; every 20 seconds, in parts of at most ten tasks, of which the last has `fin`. */
export const publishMetricsRequest = frame(
  'PublishMetricsRequest',
  object({
    metadata: optional(
      object({
        cluster: optional(text),
        containerInstance: optional(text),
        messageId: optional(text),
        idle: optional(flag),
        fin: optional(flag),
      }),
    ),
    taskMetrics: optional(listOf(taskMetric)),
    timestamp: optional(number),
  }),
);
