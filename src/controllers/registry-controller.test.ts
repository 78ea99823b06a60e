import { expect, test } from 'vitest';
import { aDiscoveryService } from '../../test/fixtures/a-discovery-service.ts';
import { aTask, aTaskContainer } from '../../test/fixtures/a-task.ts';
import { aContainerInstance } from '../../test/fixtures/container-instances.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { applyReport } from '../domain/task/apply-report.ts';
import type { NetworkBinding, Task } from '../domain/task/task.ts';
import { ManualClock } from '../support/clock.ts';
import { newUuid } from '../support/ids.ts';
import { RegistryController } from './registry-controller.ts';

function bindingAt(hostPort: number): NetworkBinding {
  return { bindIP: '0.0.0.0', containerPort: 80, hostPort, protocol: 'tcp' };
}

test.each([true, false])(
  'the revision of a service of Cloud Map grows when a task is found at another port (health check: %s)',
  async (customHealthCheck) => {
    const registry = aDiscoveryService({ customHealthCheck });
    const host = { ...aContainerInstance(), connectedFrom: '10.1.1.2' };
    const { networkInterface: _, ...hosted } = aTask();
    const task: Task = {
      ...hosted,
      group: 'service:web',
      lastStatus: 'ACTIVATING',
      containerInstanceArn: host.arn,
      serviceRegistry: { registryArn: registry.arn, containerName: 'app', containerPort: 80 },
      containers: [aTaskContainer({ lastStatus: 'RUNNING', networkBindings: [bindingAt(32_768)] })],
    };
    const state = await openState();
    state.transact((tx) => {
      tx.discoveryServices.put(registry);
      tx.containerInstances.put(host);
      tx.tasks.put(task);
    });
    const controller = new RegistryController({ state, clock: new ManualClock(5), newUuid });
    const revisionOf = () =>
      state.read.discoveryServices.findByArn(registry.arn)?.instancesRevision;
    const settle = (): void => {
      const keys = [...controller.allKeys()];
      expect(keys).toHaveLength(1);
      for (const key of keys) controller.reconcile(key);
    };
    settle();
    const registered = revisionOf() ?? 0;
    state.transact((tx) => {
      const running = tx.tasks.find(task.arn);
      if (!running) throw new Error('The task is gone.');
      const networkBindings = [bindingAt(32_769)];
      const report = {
        kind: 'ContainerStarted',
        container: 'app',
        at: 6,
        networkBindings,
      } as const;
      tx.tasks.put(applyReport(running, report));
    });
    settle();
    const [instance] = state.read.discoveryInstances.ofService(registry.arn, undefined);
    expect(instance?.attributes['AWS_INSTANCE_PORT']).toBe('32769');
    expect(revisionOf()).toBeGreaterThan(registered);
  },
);
