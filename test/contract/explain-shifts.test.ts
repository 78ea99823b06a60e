import { expect, test } from 'vitest';
import { startServiceServer } from './service-requests.ts';
import { pauseHook, shifting, startSecond } from './shift-requests.ts';

async function explained(url: string, service: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/longshore/explain?service=${service}`);
  return (await response.json()) as Record<string, unknown>;
}

test('a deployment that pauses says who is waited for', async () => {
  const shift = shifting({ strategy: 'BLUE_GREEN', lifecycleHooks: [pauseHook] });
  await using second = await startSecond(shift);
  const { ecs, advance, server } = second;
  await advance(20_000);
  const { services } = await ecs.describeServices({ services: ['shop'] });
  expect(await explained(server.url, services?.[0]?.serviceArn ?? '')).toMatchObject({
    waits: [
      {
        text: expect.stringMatching(
          /^somebody continues the pause ecs-pause-\S{43} at PRE_PRODUCTION_TRAFFIC_SHIFT$/,
        ),
      },
    ],
  });
});

test('a service without a task set says that it has none', async () => {
  await using manual = await startServiceServer();
  const { ecs, server } = manual;
  const { service } = await ecs.createService({
    serviceName: 'shop',
    desiredCount: 1,
    deploymentController: { type: 'EXTERNAL' },
  });
  expect(await explained(server.url, service?.serviceArn ?? '')).toMatchObject({
    summary: 'It has no task set, and so it runs nothing.',
    advice: 'Give it tasks with CreateTaskSet.',
    waits: [],
  });
});
