import { afterAll, expect, test } from 'vitest';
import { computeSuite } from '../compute-suite.ts';
import { RecordedReports } from '../recorded-reports.ts';
import { anOrder } from '../../fixtures/an-order.ts';
import { DockerWorld } from './docker-world.ts';

const world = new DockerWorld();
computeSuite(world);
afterAll(() => world.close());

test('by the time that it is open, it has told which tasks ended, also those whose ports only the Engine knows', async () => {
  const portMappings = [{ containerPort: 80, hostPort: 0, protocol: 'tcp' as const }];
  const main = world.container({ onStop: { exitCode: 9 } });
  const order = anOrder([{ ...main, portMappings }], {
    task: { launchType: 'EC2' },
    content: { networkMode: 'bridge' },
  });
  const before = new RecordedReports();
  const first = world.compute();
  await first.open([], before.report);
  first.start(order);
  await before.first(order, 'ContainerStarted');
  const { runtimeId } = await before.first(order, 'ContainerCreated');
  const known = before.applied(order);
  await first.close();
  await world.engine.stopContainer(runtimeId, 0);

  const after = new RecordedReports();
  const second = world.compute();
  await second.open([known], after.report);
  expect(after.kinds(order.task.arn)).toContain('ContainerStopped');
  second.stop(order);
  await after.first(order, 'Released');
  await second.close();
});
