import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf } from './task-address.ts';

const subnetId = 'subnet-1';
const status = 'PRECREATED' as const;

test('an interface has the same address each time, in the 16 bits of its subnet', () => {
  const one = addressOf({ attachmentId: 'a', subnetId, status }, () => false);
  expect(addressOf({ attachmentId: 'a', subnetId, status }, () => false)).toEqual(one);
  expect(one.networkInterfaceId).toMatch(/^eni-[0-9a-f]{17}$/);
  expect(one.macAddress).toMatch(/^0a(:[0-9a-f]{2}){5}$/);
  const other = addressOf({ attachmentId: 'b', subnetId, status }, () => false);
  expect(other.privateIpv4Address.split('.').slice(0, 2)).toEqual(
    one.privateIpv4Address.split('.').slice(0, 2),
  );
});

test('no two interfaces have the same address, nor that of the network, its router, or all', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 300 }), (attachmentIds) => {
      const taken = new Set<string>();
      for (const attachmentId of attachmentIds) {
        const interfaceOf = { attachmentId, subnetId, status };
        const { privateIpv4Address } = addressOf(interfaceOf, (ip) => taken.has(ip));
        const [, , high = 0, low = 0] = privateIpv4Address.split('.').map(Number);
        const host = high * 256 + low;
        expect(host > 3 && host < 65_535).toBe(true);
        taken.add(privateIpv4Address);
      }
      expect(taken.size).toBe(attachmentIds.length);
    }),
    { numRuns: 20 },
  );
});

test('an address that is taken gives way to the next one', () => {
  const ni = { attachmentId: 'a', subnetId, status };
  const first = addressOf(ni, () => false).privateIpv4Address;
  const second = addressOf(ni, (ip) => ip === first).privateIpv4Address;
  expect(second).not.toBe(first);
});
