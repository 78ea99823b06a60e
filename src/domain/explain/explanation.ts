import type { Instant } from '../instant.ts';

/** A stretch of time in which one thing was done. */
export interface Phase {
  readonly name: string;
  readonly from: Instant;
  /** Absent while it goes on. */
  readonly until?: Instant;
}

/** Something that is waited for. */
export interface Wait {
  readonly text: string;
  readonly since: Instant;
  /** The task that holds things up, where it is one. */
  readonly taskArn?: string;
}

/** One of several parts: a container of a task, a deployment of a service. */
export interface Part {
  readonly name: string;
  readonly status: string;
  readonly text: string;
}

export interface Message {
  readonly at: Instant;
  readonly text: string;
}

/** The last lines of what a container wrote. */
export interface Output {
  readonly container: string;
  readonly lines: readonly string[];
}

/** Between which counts a service is scaled, and what was decided last. */
export interface Scaling {
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly decision?: Message;
}

/** How it is with a resource, and why: what ECS itself does not tell. */
export interface Explanation {
  readonly kind: 'task' | 'service' | 'deployment';
  readonly arn: string;
  readonly status: string;
  /** The state, or the cause of the end, in a sentence or two. */
  readonly summary: string;
  /** What a person may do about it. */
  readonly advice?: string;
  /** Empty where nothing is waited for. */
  readonly waits: readonly Wait[];
  readonly phases: readonly Phase[];
  readonly parts: readonly Part[];
  /** Of a service that is a scalable target. */
  readonly scaling?: Scaling;
  /** Newest first. */
  readonly messages: readonly Message[];
  readonly output: readonly Output[];
}

export const nothingMore = { waits: [], phases: [], parts: [], messages: [], output: [] } as const;
