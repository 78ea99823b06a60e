import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressPool } from './address-pool.ts';

test('addresses come in order, without those of the network and of broadcast', () => {
  const pool = new AddressPool('10.1.2.0/30');
  expect([pool.take(), pool.take()]).toEqual(['10.1.2.1', '10.1.2.2']);
  expect(() => pool.take()).toThrow('All addresses are taken.');
});

test('an address that was given back comes round again last', () => {
  const pool = new AddressPool('10.0.0.0/29');
  const first = pool.take();
  pool.release(first);
  const others = Array.from({ length: 5 }, () => pool.take());
  expect(others).not.toContain(first);
  expect(pool.take()).toBe(first);
});

test('an address of another range is none of its business', () => {
  const pool = new AddressPool('10.0.0.0/30');
  pool.reserve('192.168.0.1');
  pool.release('10.0.0.0');
  pool.release('10.0.0.3');
  expect([pool.take(), pool.take()]).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(() => pool.take()).toThrow('All addresses are taken.');
});

test('a range may lie high, and begins where its prefix says', () => {
  expect(new AddressPool('223.255.255.77/24').take()).toBe('223.255.255.1');
});

test.each(['10.0.0.0', '10.0.0.0/31', '10.0.0.0/4', '10.0.0/24', '10.0.0.256/24', 'x/24'])(
  '%s is no range',
  (range) => {
    expect(() => new AddressPool(range)).toThrow('Not a range');
  },
);

test('no two holders ever have the same address', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(10)), { maxLength: 60 }), (moves) => {
      const pool = new AddressPool('10.0.0.0/26');
      const held: string[] = [];
      for (const move of moves) {
        const [address] = move === null ? [] : held.splice(move % (held.length || 1), 1);
        if (address === undefined) held.push(pool.take());
        else pool.release(address);
      }
      expect(new Set(held).size).toBe(held.length);
    }),
  );
});
