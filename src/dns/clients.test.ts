import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { ManualClock } from '../support/clock.ts';
import { Clients, type ClientsParts } from './clients.ts';

const own: Sight = { kind: 'Outside' };
const instance: Sight = { kind: 'Scope', scope: 'instance' };
type Sight = ClientsParts['machineSight'];

function an(address: string, prefix: number): NetworkInterfaceInfo {
  const cidr = `${address}/${prefix}`;
  return { address, cidr, netmask: '', mac: '', internal: false, family: 'IPv4' };
}

function clientsOf(given: Partial<ClientsParts> = {}) {
  const clock = new ManualClock();
  const interfaces = { eth0: [an('10.0.0.5', 24)], docker0: [an('172.17.0.1', 16)] };
  const bridgeSubnet = () => '172.17.0.0/16';
  const scopes = new Map([['192.168.0.2', 'task']]);
  const agents = new Map([
    ['10.0.0.8', 'instance'],
    ['10.0.0.5', 'instance'],
  ]);
  const parts = {
    taskScopeAt: (address: string) => scopes.get(address),
    instanceScopeAt: (address: string) => agents.get(address),
    machineSight: own,
    bridgeSubnet,
    clock,
    ...given,
  };
  const clients = new Clients(parts, () => interfaces);
  const sightAt = (address: string) => clients.find(address)?.sight;
  return { clients, sightAt, clock, interfaces };
}

test('tasks and this machine are answered, and nobody else', () => {
  const { clients, sightAt } = clientsOf();
  expect(clients.find('192.168.0.2')).toEqual({
    sight: { kind: 'Scope', scope: 'task' },
    isMachine: false,
  });
  expect(clients.find('10.0.0.5')).toEqual({ sight: own, isMachine: true });
  expect(sightAt('127.0.0.1')).toBe(own);
  for (const stranger of ['10.0.0.6', '192.168.0.3', '172.17.0.2', '203.0.113.9', 'fe80::1', '']) {
    expect(sightAt(stranger)).toBeUndefined();
  }
});

test('a machine with an agent sees what its container instance does, this machine what is said of it', () => {
  const { sightAt } = clientsOf();
  expect(sightAt('10.0.0.8')).toEqual(instance);
  expect(sightAt('10.0.0.5')).toBe(own);
});

test('containers on the default bridge see what the container instance does that they are on', () => {
  const { sightAt } = clientsOf({ bridgeSight: instance });
  expect(sightAt('172.17.0.2')).toBe(instance);
  expect(sightAt('172.17.0.1')).toBe(own);
  expect(sightAt('172.18.0.2')).toBeUndefined();
  const unknown = clientsOf({ bridgeSight: instance, bridgeSubnet: () => undefined });
  expect(unknown.sightAt('172.17.0.2')).toBeUndefined();
});

test('an address that the machine is given later is its own', () => {
  const { sightAt, clock, interfaces } = clientsOf();
  expect(sightAt('10.0.0.7')).toBeUndefined();
  interfaces.eth0.push(an('10.0.0.7', 24));
  clock.advance(5_000);
  expect(sightAt('10.0.0.7')).toBe(own);
});
