import { withEvents } from '../domain/service/service-events.ts';
import type { AnyService, ServiceEvent } from '../domain/service/service.ts';
import type { Transaction } from '../state/state.ts';

/** The log that keeps all events of services; the record of a service has only the newest. */
export const serviceEventLog = 'service-event';

/** Keeps a service and what it tells; one that is INACTIVE shows none of it. */
export function putService(
  tx: Transaction,
  service: AnyService,
  events: readonly ServiceEvent[],
): void {
  tx.services.put(service.status === 'INACTIVE' ? service : withEvents(service, events));
  for (const { id, createdAt, message } of events) {
    const body = JSON.stringify({ id, message });
    tx.append({ log: serviceEventLog, subject: service.arn, at: createdAt, body });
  }
}
