import type { Instant } from '../instant.ts';
import { messageOf, type Telling } from './service-messages.ts';
import type { AnyService, ServiceEvent } from './service.ts';

/** As many as ECS shows. */
const keptEvents = 100;

/** Events of one pass are a millisecond apart, so that their order can be told. */
export function newEvents(
  service: AnyService,
  tellings: readonly Telling[],
  now: Instant,
  newUuid: () => string,
): readonly ServiceEvent[] {
  const first = Math.max(now, (service.events[0]?.createdAt ?? -1) + 1);
  return tellings.map(({ text, subject }, index) => ({
    id: newUuid(),
    createdAt: first + index,
    message: messageOf(service, text),
    subject,
  }));
}

/** What a service may say again and again is said no sooner than this. */
const repeatedAfterMs = 6 * 60 * 60 * 1000;

/** Without what the service has said before in the same words, and not long ago. */
export function withoutRepeats(
  service: AnyService,
  tellings: readonly Telling[],
  now: Instant,
): readonly Telling[] {
  const said = new Set(
    service.events
      .filter(({ createdAt }) => createdAt > now - repeatedAfterMs)
      .map(({ message }) => message),
  );
  return tellings.filter(({ text }) => !said.has(messageOf(service, text)));
}

export function withEvents<Kind extends AnyService>(
  service: Kind,
  added: readonly ServiceEvent[],
): Kind {
  if (added.length === 0) return service;
  const events = [...added.toReversed(), ...service.events].slice(0, keptEvents);
  return { ...service, events };
}
