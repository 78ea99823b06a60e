/** Where the output of containers with the awslogs driver goes: what compute sees of the logs. */
export interface LogSink {
  /** Makes the stream, and the group where that is asked for. Can be done again. */
  open(destination: LogDestination): Promise<'opened' | 'no-group'>;

  /** How far a source was read when its last events became durable. */
  positionOf(source: string): Promise<string | undefined>;

  /** Resolves when the events and the position are durable, both or neither. */
  append(destination: LogDestination, batch: SinkBatch): Promise<void>;

  /** Nothing more comes from a source. */
  forget(source: string): Promise<void>;

  /** All events of a stream, from the first on. */
  read(destination: LogDestination): AsyncIterable<SinkEvent>;

  /** So many of a stream's last events, in order. */
  readLast(destination: LogDestination, count: number): Promise<readonly SinkEvent[]>;
}

export interface LogDestination {
  readonly accountId: string;
  readonly region: string;
  readonly group: string;
  /** Absent where it is not known yet: then only the group is looked for. */
  readonly stream?: string;
  readonly createGroup: boolean;
}

export interface SinkEvent {
  readonly at: number;
  readonly text: string;
}

export interface SinkBatch {
  /** By column: when each was written, in order, and what. */
  readonly times: readonly number[];
  readonly messages: readonly string[];
  readonly source: string;
  readonly position: string;
}
