import { expect, test } from 'vitest';
import { silentLog } from '../../../test/fixtures/silent-log.ts';
import { ManualClock } from '../../support/clock.ts';
import { Engine } from './engine.ts';
import type { ContainerInspect } from './engine-types.ts';
import { Gate } from '../../support/gate.ts';
import { Pauses } from './pauses.ts';

function pausesWith(nameServers: readonly string[]): Pauses {
  const pauses = new Pauses({
    engine: new Engine('unix:///nowhere.sock'),
    clock: new ManualClock(),
    log: silentLog,
    starts: new Gate(1),
    installationId: 'here',
    networkName: 'longshore',
    fewestWarm: 0,
  });
  pauses.image = 'longshore/pause:1';
  pauses.nameServers = nameServers;
  return pauses;
}

function aPause(dns: readonly string[] | null, cpuShares = 0): ContainerInspect {
  return {
    Id: 'pause',
    Name: '/pause',
    Image: 'sha256:1',
    Created: '',
    RestartCount: 0,
    Config: { Image: 'longshore/pause:1', Labels: null },
    HostConfig: {
      CpuShares: cpuShares,
      CgroupParent: '',
      NetworkMode: 'longshore',
      Dns: dns,
      Ulimits: null,
    },
    State: { Status: 'running', ExitCode: 0, OOMKilled: false, StartedAt: '', FinishedAt: '' },
    NetworkSettings: { Networks: {}, Ports: {}, SandboxKey: '' },
  };
}

const ours = ['169.254.169.253', '10.0.0.2'];

test.each([
  { wanted: [], found: null, isWarm: true },
  { wanted: [], found: [], isWarm: true },
  { wanted: ours, found: ours, isWarm: true },
  { wanted: ours, found: [], isWarm: false },
  { wanted: ours, found: ours.toReversed(), isWarm: false },
  { wanted: [], found: ours, isWarm: false },
])('a namespace that asks $found is given to tasks that are to ask $wanted: $isWarm', (given) => {
  expect(pausesWith(given.wanted).isWarm(aPause(given.found))).toBe(given.isWarm);
});

test('a namespace that a task has used is given to no other', () => {
  expect(pausesWith(ours).isWarm(aPause(ours, 2))).toBe(false);
});
