/**
 * What is kept of CloudWatch Logs: log groups, log streams and their events, which grow without
 * bound and so are not in the state's memory. An engine stands in each folder beside this file.
 */
import type { EventPlace, ReadingDirection } from '../domain/log/event-place.ts';
import type { LogEvents } from '../domain/log/log-events.ts';
import type { LogTags } from '../domain/log/log-tags.ts';

/** Log groups are kept per account and region. */
export interface LogScope {
  readonly accountId: string;
  readonly region: string;
}

export interface GroupKey {
  readonly scope: LogScope;
  readonly group: string;
}

export interface StreamKey extends GroupKey {
  readonly stream: string;
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionDays: number | undefined;
  readonly logGroupClass: string;
  readonly tags: LogTags;
  /** Of all events that it has now: their messages, and CloudWatch's 26 bytes for each. */
  readonly storedBytes: number;
}

export interface NewLogGroup extends GroupKey {
  readonly createdAt: number;
  readonly logGroupClass: string;
  readonly tags: LogTags;
}

export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  /** Absent while it has no event. */
  readonly firstEventAt: number | undefined;
  readonly lastEventAt: number | undefined;
  readonly lastIngestedAt: number | undefined;
}

export type GroupChange =
  | { readonly kind: 'retention'; readonly days: number | undefined }
  | { readonly kind: 'tags'; readonly add?: LogTags; readonly remove?: readonly string[] };

export interface GroupListing {
  readonly scope: LogScope;
  readonly prefix?: string;
  /** A part of the name, whatever the case. */
  readonly pattern?: string;
  /** Names behind this one only. */
  readonly after?: string;
  readonly limit: number;
}

export interface StreamListing extends GroupKey {
  readonly prefix?: string;
  readonly order: 'name' | 'last-event';
  readonly descending: boolean;
  /** How many of the first to pass over. */
  readonly skip: number;
  readonly limit: number;
}

/** Events of one stream that become durable together, in the order of their times. */
export interface LogBatch extends StreamKey {
  readonly events: LogEvents;
  readonly ingestedAt: number;
  /** Kept with the events, all or nothing: how far their source has been read. */
  readonly progress?: { readonly source: string; readonly position: string };
}

export interface EventQuery extends GroupKey {
  /** Of these streams, or of those whose names begin so; of all where neither is given. */
  readonly streams?: readonly string[];
  readonly streamPrefix?: string;
  /** The first time that counts, and the first that does not any more. */
  readonly since?: number;
  readonly before?: number;
  readonly direction: ReadingDirection;
  /** Events behind this one only, in the direction of reading. */
  readonly from?: EventPlace;
  /** A filter pattern that has been checked. */
  readonly pattern?: string;
  readonly limit: number;
  readonly maximumBytes: number;
}

export interface FoundEvent {
  readonly stream: string;
  readonly place: EventPlace;
  readonly message: string;
  readonly ingestedAt: number;
}

export interface EventPage {
  /** In the direction of reading. */
  readonly events: readonly FoundEvent[];
  /** The last event that was looked at, where there is more to be read behind it. */
  readonly more: EventPlace | undefined;
}

export type MissingLog = 'no-group' | 'no-stream';

export interface Pruning {
  readonly now: number;
  /** Beyond this, the oldest events of all go. */
  readonly maximumBytes: number;
  /** How many blocks of events may go in one step. */
  readonly limit: number;
}

/** What an engine can do, as it does it: an engine of a thread of its own answers later. */
export interface LogTables {
  createGroup(group: NewLogGroup): 'created' | 'exists';
  findGroup(key: GroupKey): LogGroup | undefined;
  listGroups(listing: GroupListing): readonly LogGroup[];
  /** @throws LogError TooManyTagsException */
  changeGroup(key: GroupKey, change: GroupChange): 'changed' | 'no-group';
  removeGroup(key: GroupKey): 'removed' | 'no-group';
  createStream(key: StreamKey, createdAt: number): 'created' | 'exists' | 'no-group';
  listStreams(listing: StreamListing): readonly LogStream[] | 'no-group';
  removeStream(key: StreamKey): 'removed' | MissingLog;
  read(query: EventQuery): EventPage | MissingLog;
  /** How far a source has been read; undefined for one that is not known. */
  positionOf(source: string): string | undefined;
  forgetSource(source: string): void;
  /** Removes what is too old or too much, a bounded number of blocks; says how many. */
  prune(pruning: Pruning): number;
}

type Later<Tables> = {
  readonly [Name in keyof Tables]: Tables[Name] extends (...given: infer Given) => infer Answer
    ? (...given: Given) => Promise<Answer>
    : never;
};

export interface LogStore extends Later<LogTables> {
  /** Resolves when the events are durable. Batches are appended in the order of their calls. */
  append(batch: LogBatch): Promise<'appended' | MissingLog>;
  close(): Promise<void>;
}
