import { expect, test } from 'vitest';
import { ManualClock } from '../support/clock.ts';
import { Balancer } from './balancer.ts';

const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ id, address: '10.0.0.1', port: 80 })) as [
  Endpoint,
  Endpoint,
  Endpoint,
];
type Endpoint = { readonly id: string; readonly address: string; readonly port: number };
const none: ReadonlySet<Endpoint> = new Set();

function aBalancer(endpoints: readonly Endpoint[], first = 0) {
  const clock = new ManualClock(1_000_000);
  const balancer = new Balancer(clock, first);
  balancer.update(endpoints);
  const picks = (count: number) =>
    Array.from({ length: count }, () => balancer.pick(none)?.id ?? '').join('');
  const fail = (endpoint: Endpoint, times = 5) => {
    for (let time = 0; time < times; time += 1) balancer.failed(endpoint);
  };
  return { clock, balancer, picks, fail };
}

test('endpoints take turns, beginning anywhere', () => {
  expect(aBalancer([a, b, c]).picks(7)).toBe('abcabca');
  expect(aBalancer([a, b, c], 2).picks(4)).toBe('cabc');
  expect(aBalancer([]).picks(1)).toBe('');
});

test('a request is not tried twice on one endpoint', () => {
  const { balancer } = aBalancer([a, b]);
  expect(balancer.pick(new Set([a]))).toBe(b);
  expect(balancer.pick(new Set([a, b]))).toBeUndefined();
});

test('five failures within 30 seconds eject an endpoint for 30 seconds', () => {
  const { balancer, clock, picks, fail } = aBalancer([a, b]);
  fail(a, 4);
  expect(picks(2)).toBe('ab');
  fail(a, 1);
  expect(picks(3)).toBe('bbb');
  clock.advance(29_999);
  expect(balancer.isEjected(a)).toBe(true);
  clock.advance(1);
  expect(picks(2)).toBe('ab');
});

test('failures that are older than 30 seconds do not count', () => {
  const { balancer, clock, fail } = aBalancer([a, b]);
  fail(a, 4);
  clock.advance(30_000);
  fail(a, 4);
  expect(balancer.isEjected(a)).toBe(false);
  fail(a, 1);
  expect(balancer.isEjected(a)).toBe(true);
});

test('each ejection is longer than the one before, up to 300 seconds', () => {
  const { balancer, clock, fail } = aBalancer([a, b]);
  const lengths = Array.from({ length: 12 }, () => {
    fail(a);
    let seconds = 0;
    for (; balancer.isEjected(a); seconds += 30) clock.advance(30_000);
    return seconds;
  });
  expect(lengths).toEqual([30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300]);
});

test('an endpoint that has done well for 300 seconds is ejected as if for the first time', () => {
  const { balancer, clock, fail } = aBalancer([a, b]);
  fail(a);
  clock.advance(30_000);
  fail(a);
  clock.advance(60_000 + 300_001);
  fail(a);
  clock.advance(30_000);
  expect(balancer.isEjected(a)).toBe(false);
});

test('where all endpoints are ejected, they are used', () => {
  const { picks, fail } = aBalancer([a, b]);
  fail(a);
  fail(b);
  expect(picks(4)).toBe('abab');
});

test('an endpoint that remains keeps its standing, one that has moved does not', () => {
  const { balancer, picks, fail } = aBalancer([a, b]);
  fail(a);
  balancer.update([{ ...a }, { ...c }]);
  expect(picks(2)).toBe('cc');
  expect(balancer.endpoints[0]).toBe(a);
  balancer.update([{ ...a, port: 81 }]);
  expect(picks(1)).toBe('a');
});
