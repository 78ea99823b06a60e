import { expect, test } from 'vitest';
import { aServiceConnect, anEndpoint } from '../../test/fixtures/a-service-connect.ts';
import { aTask, aTaskContainer } from '../../test/fixtures/a-task.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import type { TaskArn } from '../domain/arn.ts';
import type { ProxyConfig } from '../domain/service-connect/proxy-config.ts';
import type { ServiceConnect } from '../domain/service-connect/service-connect.ts';
import type { Task } from '../domain/task/task.ts';
import { ManualClock } from '../support/clock.ts';
import { ProxyController } from './proxy-controller.ts';

const api = anEndpoint('api');
const client = aServiceConnect([], [api]);
const server = aServiceConnect([api]);
let addresses = 0;

function aConnected(setting: ServiceConnect, given: Partial<Task> = {}): Task {
  addresses += 1;
  return aTask({
    lastStatus: 'RUNNING',
    startedAt: 0,
    containers: [aTaskContainer({ lastStatus: 'RUNNING' })],
    serviceConnect: { attachmentId: 'a', setting },
    networkInterface: {
      attachmentId: 'b',
      subnetId: 'subnet-1',
      status: 'ATTACHED',
      address: {
        networkInterfaceId: 'eni-1',
        macAddress: '02:42:ac:11:00:02',
        privateIpv4Address: `10.0.0.${addresses}`,
      },
    },
    ...given,
  });
}

/** Proxies that hear what they are told while `areAway` is false. */
class Proxies {
  areAway = false;
  readonly told: { readonly taskArn: TaskArn; readonly config: ProxyConfig }[] = [];

  async configureProxy(taskArn: TaskArn, config: ProxyConfig): Promise<boolean> {
    if (this.areAway) return false;
    this.told.push({ taskArn, config });
    return true;
  }
}

async function aWorld(...tasks: readonly Task[]) {
  const state = await openState();
  const clock = new ManualClock(1_000_000);
  const compute = new Proxies();
  const controller = new ProxyController({ state, clock, compute });
  const put = (...changed: readonly Task[]) =>
    state.transact((tx) => {
      for (const task of changed) tx.tasks.put(task);
    });
  put(...tasks);
  return { clock, compute, controller, put };
}

test('a task that comes or goes concerns those that can call it, and nobody else', async () => {
  const [one, other] = [aConnected(client), aConnected(aServiceConnect([], [anEndpoint('web')]))];
  const task = aConnected(server);
  const { controller } = await aWorld(one, other, task);
  const keys = controller.keysOf({ kind: 'task', key: task.arn });
  expect(new Set(keys)).toEqual(new Set([task.arn, one.arn]));
  expect(controller.keysOf({ kind: 'task', key: one.arn })).toEqual([one.arn]);
  expect(controller.keysOf({ kind: 'service', key: task.arn })).toEqual([]);
  expect(new Set(controller.allKeys())).toEqual(new Set([one.arn, other.arn, task.arn]));
});

test('what happens to a task concerns those that can call it where it comes or goes, and not otherwise', async () => {
  const callers = [aConnected(client), aConnected(client)] as const;
  const task = aConnected(server);
  const { controller, put } = await aWorld(...callers, task);
  const callersAfter = (given: Partial<Task>) => {
    put({ ...task, ...given });
    const keys = controller.keysOf({ kind: 'task', key: task.arn });
    return keys.filter((key) => key !== task.arn).length;
  };
  // What its callers know of it has been told by somebody else, who has ended.
  expect(callersAfter({ desiredStatus: 'STOPPED' })).toBe(2);
  expect(callersAfter({ desiredStatus: 'STOPPED', stoppingAt: 5 })).toBe(0);
  expect(callersAfter({})).toBe(2);
  expect(callersAfter({ version: 9 })).toBe(0);
  const sick = aTaskContainer({ hasHealthCheck: true, healthStatus: 'UNHEALTHY' });
  expect(callersAfter({ containers: [sick] })).toBe(2);
  expect(callersAfter({ lastStatus: 'STOPPED', desiredStatus: 'STOPPED' })).toBe(0);
});

test('a proxy is told once, and again when there is something else to tell', async () => {
  const [caller, task] = [aConnected(client), aConnected(server)];
  const { compute, controller, put } = await aWorld(caller, task);
  await controller.reconcile(caller.arn);
  await controller.reconcile(caller.arn);
  expect(compute.told).toHaveLength(1);
  put(aConnected(server));
  await controller.reconcile(caller.arn);
  expect(compute.told.map(({ config }) => config.egress[0]?.endpoints.length)).toEqual([1, 2]);
});

test('a proxy that cannot be told is told again a moment later', async () => {
  const caller = aConnected(client);
  const { clock, compute, controller } = await aWorld(caller);
  compute.areAway = true;
  const next = await controller.reconcile(caller.arn);
  expect(next).toEqual({ kind: 'LookAgain', at: clock.now() + 250 });
  compute.areAway = false;
  expect(await controller.reconcile(caller.arn)).toEqual({ kind: 'Settled' });
  expect(compute.told).toHaveLength(1);
});

test('a task is gone when the last of its callers has been told', async () => {
  const callers = [aConnected(client), aConnected(client)] as const;
  const task = aConnected(server);
  const { clock, controller, put } = await aWorld(...callers, task);
  for (const { arn } of callers) await controller.reconcile(arn);
  clock.advance(1000);
  const stopping: Task = { ...task, desiredStatus: 'STOPPED', stoppingAt: clock.now() };
  put(stopping);
  expect(controller.goneSince(stopping)).toBeUndefined();
  await controller.reconcile(callers[0].arn);
  clock.advance(10);
  expect(controller.goneSince(stopping)).toBeUndefined();
  await controller.reconcile(callers[1].arn);
  expect(controller.goneSince(stopping)).toBe(clock.now());
});

test('nobody waits for callers that do not run any more', async () => {
  const caller = aConnected(client, { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' });
  const task = aConnected(server, { desiredStatus: 'STOPPED', stoppingAt: 900_000 });
  const { controller } = await aWorld(caller, task);
  expect(controller.goneSince(task)).toBe(0);
});
