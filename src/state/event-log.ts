import { createHash } from 'node:crypto';
import {
  containerInstanceEvent,
  isContainerInstanceEvent,
} from '../domain/event/container-instance-event.ts';
import type { Daemon } from '../domain/daemon/daemon.ts';
import { daemonActions } from '../domain/event/daemon-action.ts';
import { deploymentEvents } from '../domain/event/deployment-event.ts';
import { ecsEvent, type EcsEvent, type EventContent } from '../domain/event/ecs-event.ts';
import { hookEvents } from '../domain/event/hook-event.ts';
import { serviceActions } from '../domain/event/service-action.ts';
import { isTaskEvent, taskEvent } from '../domain/event/task-event.ts';
import type { Instant } from '../domain/instant.ts';
import type { ContainerInstance } from '../domain/container-instance/container-instance.ts';
import type { ServiceDeployment } from '../domain/service/service-deployment.ts';
import type { AnyService } from '../domain/service/service.ts';
import type { Task } from '../domain/task/task.ts';
import type { LogEntry, LoggedEntry } from '../store/store.ts';
import type { StoredForms } from './stored-forms.ts';
import type { Tables } from './tables.ts';

export const eventLog = 'event';
/** All events are in one order, so that one cursor tells how far a reader has come. */
export const eventSubject = 'all';

const eventsPerEntry = 100;

/** What the records of a transaction tell, before it is written down. */
export type Happening =
  /** A task's record says all; it is made an event when somebody reads it. */
  | { readonly kind: 'Task'; readonly at: Instant; readonly task: Task }
  | { readonly kind: 'Told'; readonly at: Instant; readonly content: EventContent };

/** How a happening is kept. */
type Line =
  | { readonly at: Instant; readonly form: number; readonly task: Task }
  | { readonly at: Instant; readonly content: EventContent };

export interface LoggedEvent {
  /** The place of the event among all; opaque. */
  readonly cursor: string;
  readonly at: Instant;
  readonly event: EcsEvent;
}

/**
 * Makes events of changed records. They are found as a transaction ends and become durable with it, so that none is
 * lost or told twice. Their times never go back, also where the clock does: a reader that goes on behind a cursor misses none.
 *
 * A busy server writes them with next to no work: all events of a batch go into one entry, and that of a task is the
 * text that the batch has for its record anyway.
 */
export class EventLog {
  readonly #tables: Tables;
  readonly #forms: StoredForms;
  readonly #now: () => Instant;
  #latest = 0;
  #changes: ((at: Instant) => readonly Happening[])[] = [];

  constructor(tables: Tables, forms: StoredForms, now: () => Instant) {
    this.#tables = tables;
    this.#forms = forms;
    this.#now = now;
    tables.tasks.observe({ changed: (_, before, after) => this.#taskChanged(before, after) });
    tables.services.observe({ changed: (_, before, after) => this.#serviceChanged(before, after) });
    tables.serviceDeployments.observe({
      changed: (_, before, after) => this.#rolloutChanged(before, after),
    });
    tables.daemons.observe({ changed: (_, before, after) => this.#daemonChanged(before, after) });
    tables.containerInstances.observe({
      changed: (_, before, after) => this.#instanceChanged(before, after),
    });
  }

  /** Begins behind the newest entry of the store; what it loaded is no news. */
  begin(latest: Instant): void {
    this.#latest = latest;
    this.forget();
  }

  /** What the transaction that ends now tells. */
  take(): readonly Happening[] {
    if (this.#changes.length === 0) return [];
    const changes = this.#changes;
    this.#changes = [];
    this.#latest = Math.max(this.#latest, this.#now());
    return changes.flatMap((change) => change(this.#latest));
  }

  /** The transaction has been undone. */
  forget(): void {
    this.#changes = [];
  }

  /** @param bodyOf gives the text of a record where there is one already */
  entries(
    happenings: readonly Happening[],
    bodyOf: (key: string) => string | undefined,
  ): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    for (let from = 0; from < happenings.length; from += eventsPerEntry) {
      const chunk = happenings.slice(from, from + eventsPerEntry);
      const body = `[${chunk.map((one) => this.#encode(one, bodyOf)).join()}]`;
      const at = chunk.at(-1)?.at ?? this.#latest;
      entries.push({ log: eventLog, subject: eventSubject, at, body });
    }
    return entries;
  }

  /** The events of an entry, oldest first. */
  events({ cursor, body }: LoggedEntry): readonly LoggedEvent[] {
    // Only `#encode` writes these.
    const lines = JSON.parse(body) as readonly Line[];
    return lines.map((line, index) => {
      const content = this.#contentOf(line);
      const place = `${cursor}.${index}`;
      const id = eventId(`${content.resourceArn} ${place}`);
      return { cursor: place, at: line.at, event: ecsEvent(content, { id, at: line.at }) };
    });
  }

  #encode(happening: Happening, bodyOf: (key: string) => string | undefined): string {
    const { at } = happening;
    if (happening.kind === 'Told') return JSON.stringify({ at, content: happening.content });
    const task = withoutReach(happening.task);
    const isNewest = this.#tables.tasks.find(task.arn) === task;
    const body = (isNewest && bodyOf(task.arn)) || JSON.stringify(task);
    return `{"at":${at},"form":${this.#forms.newestForm('task')},"task":${body}}`;
  }

  #contentOf(line: Line): EventContent {
    if ('content' in line) return line.content;
    const stored = { kind: 'task', key: line.task.arn, form: line.form };
    return taskEvent(this.#forms.upgraded(stored, line.task) as Task, line.at);
  }

  #taskChanged(before: Task | undefined, after: Task | undefined): void {
    if (!after || !isTaskEvent(before, after)) return;
    this.#changes.push((at) => [{ kind: 'Task', at, task: after }]);
  }

  #serviceChanged(before: AnyService | undefined, after: AnyService | undefined): void {
    if (!after) return;
    this.#changes.push((at) =>
      [...deploymentEvents(before, after), ...serviceActions(before, after, at)].map(told(at)),
    );
  }

  #rolloutChanged(
    before: ServiceDeployment | undefined,
    after: ServiceDeployment | undefined,
  ): void {
    if (!after || before?.lifecycle === after.lifecycle) return;
    this.#changes.push((at) => hookEvents(before, after, at).map(told(at)));
  }

  #daemonChanged(before: Daemon | undefined, after: Daemon | undefined): void {
    if (!after || before?.troubles === after.troubles) return;
    this.#changes.push((at) => daemonActions(before, after, at).map(told(at)));
  }

  #instanceChanged(
    before: ContainerInstance | undefined,
    after: ContainerInstance | undefined,
  ): void {
    if (!after || !isContainerInstanceEvent(before, after)) return;
    this.#changes.push((at) => {
      const remaining = this.#tables.placements.remaining(after);
      return [containerInstanceEvent(after, remaining, at)].map(told(at));
    });
  }
}

/** What a task can call may be most of its record, and no event tells of it. */
function withoutReach(task: Task): Task {
  const { serviceConnect } = task;
  if (!serviceConnect || serviceConnect.setting.reaches.length === 0) return task;
  const setting = { ...serviceConnect.setting, reaches: [] };
  return { ...task, serviceConnect: { ...serviceConnect, setting } };
}

function told(at: Instant): (content: EventContent) => Happening {
  return (content) => ({ kind: 'Told', at, content });
}

/** A UUID that is the same each time that the event is read. */
function eventId(place: string): string {
  const hex = createHash('sha256').update(place).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

/**
 * Takes a cursor apart: that of its entry, and the number of the event in it.
 * @throws RangeError where the cursor is none
 */
export function splitEventCursor(cursor: string): {
  readonly entry: string;
  readonly index: number;
} {
  const [, entry, index] = /^(-?\d+\.\d+)\.(\d+)$/.exec(cursor) ?? [];
  if (entry === undefined) throw new RangeError(`not a cursor of an event: ${cursor}`);
  return { entry, index: Number(index) };
}
