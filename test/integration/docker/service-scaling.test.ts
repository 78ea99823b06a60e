import { afterAll, expect, test } from 'vitest';
import { startServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { aDefinition } from '../../contract/requests.ts';
import { aTarget, aTracking, scalingClient, shop } from '../../contract/scaling-requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { aServiceRequest, describeService } from '../../contract/service-requests.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld, testImage } from './docker-world.ts';

const world = new DockerWorld();
const patience = { timeout: 60_000, interval: 200 };

afterAll(() => world.close());

test('a service whose containers are busy scales out by what the Engine says that they use', async () => {
  const server = await startServer({
    logs: memoryLogs(),
    store: await new MemoryDisk().open(),
    compute: world.compute(),
    clock: systemClock,
    log: silentLog,
    credentials: undefined,
    listen: { host: '127.0.0.1', port: 0 },
    // Two seconds stand for a minute: three of them make the alarm.
    scalingPeriodMs: 2000,
    onFailure: (error) => {
      throw error;
    },
  });
  const url = `http://127.0.0.1:${server.address.port}`;
  const account = newAccount();
  const ecs = clientOf(url, account);
  const scaling = scalingClient(url, account);
  try {
    await ecs.createCluster();
    const command = ['sh', '-c', 'while :; do :; done'];
    const app = { name: 'app', image: testImage, command, stopTimeout: 2 };
    await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
    await ecs.createService(aServiceRequest({ desiredCount: 1 }));
    await expect.poll(() => describeService(ecs), patience).toMatchObject({ runningCount: 1 });
    await scaling.registerScalableTarget(aTarget({ MaxCapacity: 2 }));
    await scaling.putScalingPolicy(aTracking({ TargetValue: 5 }));

    await expect
      .poll(() => describeService(ecs), patience)
      .toMatchObject({ desiredCount: 2, runningCount: 2 });
    const { ScalingActivities: activities } = await scaling.describeScalingActivities(shop);
    expect(activities).toMatchObject([
      {
        Description: 'Setting desired count to 2.',
        Cause: expect.stringMatching(/AlarmHigh-\S+ in state ALARM triggered policy cpu$/),
      },
    ]);
  } finally {
    await ecs.deleteService({ service: 'shop', force: true });
    await expect.poll(() => describeService(ecs), patience).toMatchObject({ status: 'INACTIVE' });
    ecs.destroy();
    scaling.destroy();
    await server.close();
    await world.cleanUp();
  }
});
