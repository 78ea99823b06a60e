import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EcsEvent } from '../domain/event/ecs-event.ts';
import type { AwsEndpoints } from './aws-endpoints.ts';

/** What became of one event: taken, to be tried again, or never to be taken as it is. */
export type PutOutcome =
  | { readonly kind: 'Taken' }
  | { readonly kind: 'Failed' | 'Refused'; readonly reason: string };

/** Codes of entries that are at fault themselves; any other may go away. */
const faultsOfEntry = new Set(['InvalidArgument', 'MalformedDetail']);

const mostClients = 16;

interface Sdk {
  readonly EventBridgeClient: typeof EventBridgeClient;
  readonly PutEventsCommand: typeof PutEventsCommand;
}

/** Brings events to EventBridge, or to what stands in for it. */
export class EventBridge {
  readonly #endpoints: AwsEndpoints;
  readonly #source: string;
  readonly #closing = new AbortController();
  readonly #clients = new Map<string, EventBridgeClient>();
  #sdk: Promise<Sdk> | undefined;

  /** @param source what events name as theirs: AWS itself reserves names that begin with `aws.` */
  constructor(endpoints: AwsEndpoints, source: string) {
    this.#endpoints = endpoints;
    this.#source = source;
  }

  /**
   * Puts at most ten events of one region; each is taken or not for itself.
   * @throws what the SDK throws where EventBridge cannot be reached, or refuses the whole call
   */
  async put(events: readonly EcsEvent[]): Promise<readonly PutOutcome[]> {
    this.#sdk ??= import('@aws-sdk/client-eventbridge');
    const sdk = await this.#sdk;
    const client = this.#clientOf(events[0]?.region ?? '', sdk);
    const command = new sdk.PutEventsCommand({ Entries: events.map((one) => this.#entry(one)) });
    const { Entries = [] } = await client.send(command, { abortSignal: this.#closing.signal });
    return events.map((_, index) => outcomeOf(Entries[index] ?? {}));
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#closing.abort();
    this.#letGo();
  }

  #entry(event: EcsEvent) {
    return {
      Time: new Date(event.time),
      Source: this.#source,
      Resources: [...event.resources],
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
    };
  }

  #clientOf(region: string, sdk: Sdk): EventBridgeClient {
    const known = this.#clients.get(region);
    if (known) return known;
    const settings = this.#endpoints.settingsOf('eventbridge', region);
    if (!settings) throw new Error('No endpoint of EventBridge is configured.');
    if (this.#clients.size >= mostClients) this.#letGo();
    const client = new sdk.EventBridgeClient(settings);
    this.#clients.set(region, client);
    return client;
  }

  #letGo(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }
}

interface Answer {
  readonly EventId?: string | undefined;
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

function outcomeOf({ EventId, ErrorCode, ErrorMessage = '' }: Answer): PutOutcome {
  if (ErrorCode === undefined) {
    return EventId === undefined
      ? { kind: 'Failed', reason: 'EventBridge did not say what became of it.' }
      : { kind: 'Taken' };
  }
  const reason = `${ErrorCode}: ${ErrorMessage}`;
  return { kind: faultsOfEntry.has(ErrorCode) ? 'Refused' : 'Failed', reason };
}
