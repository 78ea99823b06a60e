import type { EventDelivery } from '../domain/event/event-delivery.ts';
import { Table, type Journal } from './table.ts';

export class EventDeliveryTable extends Table<EventDelivery> {
  constructor(journal: Journal) {
    super('event-delivery', ({ target }) => target, journal);
  }
}
