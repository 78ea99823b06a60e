import type { PlacementStrategy } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import {
  aContainerInstance,
  type GivenInstance,
} from '../../../test/fixtures/container-instances.ts';
import { aServiceWorld } from '../../../test/fixtures/service-world.ts';
import type { ContainerInstanceArn } from '../arn.ts';
import type { Task } from '../task/task.ts';
import { chooseForScaleIn } from './scale-in-choice.ts';
import type { Host, Hosts } from './hosts.ts';

const now = 100_000;
const aSpec = { desiredCount: 1, minimumHealthyPercent: 100, maximumPercent: 200 };

interface GivenTask extends Partial<Task> {
  readonly name: string;
  readonly host?: number;
  readonly zone?: string;
}

/** A task that has been RUNNING for long, on an instance of its number. */
function aRunning({ name, host = 0, zone = 'a', ...given }: GivenTask): Task {
  return aTask({
    lastStatus: 'RUNNING',
    startedAt: 0,
    referenceId: name,
    containerInstanceArn: aContainerInstance({ id: host }).arn,
    availabilityZone: zone,
    ...given,
  });
}

interface GivenHost extends GivenInstance {
  readonly memoryMiB?: number;
}

function hostsOf(given: readonly GivenHost[]): Hosts {
  const hosts = given.map(({ memoryMiB = 0, ...members }, id): [ContainerInstanceArn, Host] => {
    const instance = aContainerInstance({ id, ...members });
    return [instance.arn, { instance, cpuUnits: 0, memoryMiB, hasReplicas: false }];
  });
  return new Map(hosts);
}

interface Case {
  readonly rule: string;
  readonly tasks: readonly GivenTask[];
  readonly hosts?: readonly GivenHost[];
  readonly strategy?: readonly PlacementStrategy[];
  readonly count?: number;
  readonly chosen: readonly string[];
}

const cases: readonly Case[] = [
  {
    rule: 'pending tasks go before running ones',
    tasks: [{ name: 'old', lastStatus: 'PENDING' }, { name: 'new' }],
    chosen: ['old'],
  },
  {
    rule: 'tasks that fail their checks go before others',
    tasks: [
      {
        name: 'sick',
        containers: [
          aTaskContainer({
            essential: true,
            hasHealthCheck: true,
            healthStatus: 'UNHEALTHY',
            lastStatus: 'RUNNING',
          }),
        ],
      },
      { name: 'new', createdAt: 5 },
    ],
    chosen: ['sick'],
  },
  {
    rule: 'tasks on draining instances go before others',
    tasks: [
      { name: 'here', host: 0 },
      { name: 'there', host: 1, createdAt: 5 },
    ],
    hosts: [{ status: 'DRAINING' }, {}],
    chosen: ['here'],
  },
  {
    rule: 'tasks of agents that are away go before others',
    tasks: [
      { name: 'here', host: 0 },
      { name: 'there', host: 1, createdAt: 5 },
    ],
    hosts: [{ agentConnected: false }, {}],
    chosen: ['here'],
  },
  {
    rule: 'without a strategy, the zone with the most tasks gives, there the instance with the most',
    tasks: [
      { name: 'b', host: 3, zone: 'b', createdAt: 9 },
      { name: 'a1', host: 0 },
      { name: 'a2', host: 0, createdAt: 2 },
      { name: 'a3', host: 1, createdAt: 8 },
    ],
    hosts: [{}, {}, {}, {}],
    count: 2,
    chosen: ['a2', 'a3'],
  },
  {
    rule: 'a strategy that spreads over an attribute takes of the value with the most tasks',
    tasks: [
      { name: 'r1a', host: 0 },
      { name: 'r1b', host: 1, createdAt: 1 },
      { name: 'r2', host: 2, zone: 'b', createdAt: 9 },
    ],
    hosts: [
      { attributes: { rack: 'r1' } },
      { attributes: { rack: 'r1' } },
      { attributes: { rack: 'r2' } },
    ],
    strategy: [{ type: 'spread', field: 'attribute:rack' }],
    chosen: ['r1b'],
  },
  {
    rule: 'a strategy that packs empties the instance with the most room',
    tasks: [
      { name: 'full', host: 0, createdAt: 9 },
      { name: 'free', host: 1 },
    ],
    hosts: [{ memoryMiB: 10 }, { memoryMiB: 500 }],
    strategy: [{ type: 'binpack', field: 'memory' }],
    chosen: ['free'],
  },
  {
    rule: 'with a random strategy the newest goes',
    tasks: [{ name: 'old' }, { name: 'new', createdAt: 9 }],
    strategy: [{ type: 'random' }],
    chosen: ['new'],
  },
];

test.each(cases)('$rule', ({ tasks, hosts = [{}], strategy = [], count = 1, chosen }) => {
  const { deployments } = aServiceWorld(aSpec).service;
  const service = { deployments, placementStrategy: strategy };
  const situation = { service, hosts: hostsOf(hosts), now };
  const taken = chooseForScaleIn(tasks.map(aRunning), count, situation);
  expect(taken.map(({ referenceId }) => referenceId)).toEqual(chosen);
});
