import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aTask, aTaskContainer } from '../../../test/fixtures/a-task.ts';
import { aContainerInstance } from '../../../test/fixtures/container-instances.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import type { DiscoveryInstance } from '../cloud-map/discovery-instance.ts';
import type { DiscoveryService } from '../cloud-map/discovery-service.ts';
import { ownEnd } from '../task/plan-task.ts';
import { applyReport } from '../task/apply-report.ts';
import type { TaskReport } from '../task/report.ts';
import { isToStop, stoppingTask } from '../task/stop-task.ts';
import { statusRank, type HealthStatus, type NetworkBinding, type Task } from '../task/task.ts';
import { planRegistration, type PlannedRegistration } from './plan-registrations.ts';
import type { ServiceRegistry } from './service-registry.ts';

const cloudMap = 'arn:aws:servicediscovery:us-east-1:123456789012';
const discoveryService: DiscoveryService = {
  arn: `${cloudMap}:service/srv-0123456789abcdef`,
  id: 'srv-0123456789abcdef',
  namespaceArn: `${cloudMap}:namespace/ns-0123456789abcdef`,
  name: 'web',
  scope: 'arn:aws:ecs:us-east-1:123456789012',
  type: 'HTTP',
  customHealthCheck: true,
  tags: [],
  createdAt: 0,
  instancesRevision: 1,
};
const registryArn = discoveryService.arn;
const address = {
  networkInterfaceId: 'eni-1',
  macAddress: '02:00:00:00:00:01',
  privateIpv4Address: '10.0.0.7',
};
const ofInterface = { attachmentId: 'a', subnetId: 's', status: 'ATTACHED', address } as const;
const port80: NetworkBinding = {
  bindIP: '0.0.0.0',
  containerPort: 80,
  hostPort: 32_768,
  protocol: 'tcp',
};

/** A task whose containers run and that is to be registered. */
function anActivatingTask(
  given: Partial<Task> = {},
  registry: Partial<ServiceRegistry> = {},
): Task {
  return aTask({
    group: 'service:web',
    lastStatus: 'ACTIVATING',
    networkInterface: ofInterface,
    serviceRegistry: { registryArn, ...registry },
    containers: [aTaskContainer({ lastStatus: 'RUNNING' })],
    ...given,
  });
}

/** Cloud Map as it is for one task, told of what is planned. */
class World {
  task: Task;
  instance: DiscoveryInstance | undefined;
  discoveryService: DiscoveryService | undefined = discoveryService;
  host: ContainerInstance | undefined;

  constructor(task: Task) {
    this.task = task;
  }

  plan(): PlannedRegistration | undefined {
    const { task, instance, host } = this;
    const seen = { task, instance, host, discoveryService: this.discoveryService };
    return planRegistration({ ...seen, taskSetExternalId: undefined }, 1000);
  }

  pass(): string | undefined {
    const planned = this.plan();
    if (!planned) return undefined;
    this.task = planned.task;
    const { outcome } = planned;
    if (outcome.kind === 'Registered' || outcome.kind === 'Updated') {
      this.instance = outcome.instance;
    }
    if (outcome.kind === 'Deregistered') this.instance = undefined;
    return outcome.kind;
  }

  report(report: TaskReport): void {
    this.task = applyReport(this.task, report);
  }

  stop(): void {
    this.task = stoppingTask(this.task, { code: 'UserInitiated', reason: 'enough' }, 1);
  }
}

/** What can come to a task, one thing after the other. */
const moves = {
  healthy: (world: World) => world.report(health('HEALTHY')),
  sick: (world: World) => world.report(health('UNHEALTHY')),
  silent: (world: World) => world.report(health('UNKNOWN')),
  ends: (world: World) =>
    world.report({ kind: 'ContainerStopped', container: 'app', exitCode: 0, at: 1 }),
  stops: (world: World) => world.stop(),
  leaves: (world: World) => world.report({ kind: 'Released', at: 1 }),
  passes: (world: World) => void world.pass(),
};

function health(healthStatus: HealthStatus): TaskReport {
  return { kind: 'ContainerHealthChanged', container: 'app', healthStatus };
}

/** Whether Cloud Map has what it should, as long as nobody else changes anything there. */
function isSound({ task, instance }: World): boolean {
  if (task.lastStatus === 'RUNNING') return instance !== undefined;
  // One that has STOPPED by itself is deregistered by the next pass.
  return instance === undefined || !isToStop(task) || task.lastStatus === 'STOPPED';
}

test('whatever comes to a task, Cloud Map has it while it is RUNNING, and not once it may be stopped', () => {
  const happening = fc.array(fc.constantFrom(...Object.values(moves)));
  fc.assert(
    fc.property(happening, fc.boolean(), (happens, hasHealthCheck) => {
      const app = aTaskContainer({ lastStatus: 'RUNNING', hasHealthCheck });
      const world = new World(anActivatingTask({ containers: [app] }));
      for (const move of happens) {
        const rank = statusRank(world.task.lastStatus);
        move(world);
        expect(isSound(world)).toBe(true);
        expect(statusRank(world.task.lastStatus)).toBeGreaterThanOrEqual(rank);
      }
      if (ownEnd(world.task)) world.stop();
      world.pass();
      expect(world.plan()).toBeUndefined();
      const isWanted = world.task.desiredStatus === 'RUNNING';
      expect(world.instance !== undefined).toBe(isWanted);
      expect(world.task.lastStatus === 'RUNNING').toBe(isWanted);
      expect(world.task.registered !== undefined).toBe(isWanted);
    }),
  );
});

test('where a service of Cloud Map is gone, tasks run and stop without it', () => {
  const world = new World(anActivatingTask());
  world.discoveryService = undefined;
  expect(world.pass()).toBe('Failed');
  expect(world.task.lastStatus).toBe('RUNNING');
  world.stop();
  expect(isToStop(world.task)).toBe(true);
  expect(world.plan()).toBeUndefined();
});

test('a task that is told to stop before it is registered is not registered any more', () => {
  const world = new World(anActivatingTask());
  world.stop();
  expect(world.task.lastStatus).toBe('ACTIVATING');
  expect(isToStop(world.task)).toBe(true);
  expect(world.pass()).toBeUndefined();
});

test.each<[number, NetworkBinding, string | undefined]>([
  [80, port80, '32768'],
  [81, port80, undefined],
  [
    9002,
    {
      bindIP: '0.0.0.0',
      containerPortRange: '9000-9003',
      hostPortRange: '40000-40003',
      protocol: 'tcp',
    },
    '40002',
  ],
])(
  'without an address of its own a task is found for port %i by %j',
  (containerPort, binding, port) => {
    const { networkInterface: _, ...hosted } = anActivatingTask(
      { containers: [aTaskContainer({ lastStatus: 'RUNNING', networkBindings: [binding] })] },
      { containerName: 'app', containerPort },
    );
    const world = new World(hosted);
    world.host = {
      ...aContainerInstance(),
      privateIpv4Address: '10.1.1.1',
      connectedFrom: '10.1.1.2',
    };
    expect(world.pass()).toBe(port === undefined ? 'Failed' : 'Registered');
    expect(world.task.lastStatus).toBe('RUNNING');
    expect(world.instance?.attributes['AWS_INSTANCE_PORT']).toBe(port);
    expect(world.instance?.attributes['AWS_INSTANCE_IPV4']).toBe(port && '10.1.1.1');
  },
);

test('a container that is started anew at another port of its machine is found there', () => {
  const { networkInterface: _, ...hosted } = anActivatingTask(
    { containers: [aTaskContainer({ lastStatus: 'RUNNING', networkBindings: [port80] })] },
    { containerName: 'app', containerPort: 80 },
  );
  const world = new World(hosted);
  world.host = { ...aContainerInstance(), connectedFrom: '10.1.1.2' };
  world.pass();
  const networkBindings = [{ ...port80, hostPort: 32_769 }];
  world.report({ kind: 'ContainerStarted', container: 'app', at: 2, networkBindings });
  expect(world.pass()).toBe('Updated');
  expect(world.instance?.attributes['AWS_INSTANCE_PORT']).toBe('32769');
  expect(world.plan()).toBeUndefined();
});

test('an instance that somebody else has deregistered stays away', () => {
  const app = aTaskContainer({ lastStatus: 'RUNNING', hasHealthCheck: true });
  const world = new World(anActivatingTask({ containers: [app] }));
  expect(world.pass()).toBe('Registered');
  expect(world.instance?.customHealth).toBe('UNHEALTHY');
  world.instance = undefined;
  moves.healthy(world);
  expect(world.pass()).toBe('Missing');
  expect(world.instance).toBeUndefined();
  world.stop();
  expect(world.task.lastStatus).toBe('DEACTIVATING');
  expect(world.pass()).toBe('Deregistered');
  expect(world.task.lastStatus).toBe('STOPPING');
});
