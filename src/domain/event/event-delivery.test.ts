import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aTask, aTaskArn } from '../../../test/fixtures/a-task.ts';
import { ecsEvent } from './ecs-event.ts';
import {
  eventsPerCall,
  nextCall,
  untaken,
  withTaken,
  type EventDelivery,
  type PlacedEvent,
} from './event-delivery.ts';
import { taskEvent } from './task-event.ts';

const arns = Array.from({ length: 6 }, () => aTaskArn());

/** Events, of the resources that these numbers stand for. */
function aPage(resources: readonly number[]): readonly PlacedEvent[] {
  return resources.map((resource, index) => {
    const arn = arns[resource] ?? aTaskArn();
    const content = taskEvent(aTask({ arn, version: index }), 0);
    return { cursor: `c${index}`, event: ecsEvent(content, { id: `id-${index}`, at: 0 }) };
  });
}

const anyResources = fc.array(fc.nat(5), { minLength: 1, maxLength: 40 });

test('whatever is refused for now, all events are taken, in order for each resource, and none twice', () => {
  fc.assert(
    fc.property(anyResources, fc.infiniteStream(fc.boolean()), (resources, answers) => {
      const page = aPage(resources);
      const taken: PlacedEvent[] = [];
      let delivery: EventDelivery = { target: 'eventbridge', ahead: [] };
      for (let round = 0; delivery.after !== page.at(-1)?.cursor; round += 1) {
        const held = new Set<string>();
        for (;;) {
          const call = nextCall(untaken(delivery, page), held);
          if (call.length === 0) break;
          expect(call.length).toBeLessThanOrEqual(eventsPerCall);
          // The thirtieth round and all after it go well.
          const accepted = call.filter(() => round >= 30 || answers.next().value);
          for (const one of call) if (!accepted.includes(one)) held.add(one.event.resources[0]);
          taken.push(...accepted);
          delivery = withTaken(delivery, page, accepted);
        }
      }
      expect(delivery.ahead).toEqual([]);
      expect(taken).toHaveLength(page.length);
      for (const arn of arns) {
        const of = (events: readonly PlacedEvent[]) =>
          events.filter(({ event }) => event.resources[0] === arn);
        expect(of(taken)).toEqual(of(page));
      }
    }),
  );
});

test('a call has events of one region only', () => {
  const [first, second] = aPage([0, 1]);
  const elsewhere = first && { cursor: 'x', event: { ...first.event, region: 'eu-west-1' } };
  const waiting = [first, elsewhere, second].filter((one) => one !== undefined);
  expect(nextCall(waiting, new Set()).map(({ cursor }) => cursor)).toEqual(['c0', 'c1']);
});

test('the delivery stands before the first event that was not taken, and knows those behind it', () => {
  const page = aPage([0, 1, 2, 3]);
  const start = { target: 'eventbridge', after: 'before', ahead: [] };
  const later = withTaken(start, page, page.slice(1, 3));
  expect(later).toEqual({ target: 'eventbridge', after: 'before', ahead: ['c1', 'c2'] });
  expect(untaken(later, page)).toEqual([page[0], page[3]]);
  expect(withTaken(later, page, page.slice(0, 1))).toEqual({
    target: 'eventbridge',
    after: 'c2',
    ahead: [],
  });
});
