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
          /^somebody continues the pause ecs-pause-\S{43} at PRE_PRODUCTION_TRAFFIC_SHIFT; otherwise it goes on by itself at 2026-\S+Z$/,
        ),
      },
    ],
  });
});

test('a deployment that bakes says until when', async () => {
  const shift = shifting({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
  await using second = await startSecond(shift);
  const { ecs, advance, server } = second;
  await advance(60_000);
  const { services } = await ecs.describeServices({ services: ['shop'] });
  expect(await explained(server.url, services?.[0]?.serviceArn ?? '')).toMatchObject({
    summary: expect.stringMatching(
      /^4 tasks run, and 2 are wanted\. It waits: the bake time passes/,
    ),
    waits: [{ text: expect.stringMatching(/^the bake time passes, until 2026-09-16T09:10:\S+Z$/) }],
  });
});

test('a canary says until when it has its share of the traffic', async () => {
  const canaryConfiguration = { canaryPercent: 20, canaryBakeTimeInMinutes: 10 };
  await using second = await startSecond(shifting({ strategy: 'CANARY', canaryConfiguration }));
  const { ecs, advance, server } = second;
  await advance(60_000);
  const { services } = await ecs.describeServices({ services: ['shop'] });
  const text = /^the new revision has 20 percent of the traffic until 2026-09-16T09:10:\S+Z$/;
  expect(await explained(server.url, services?.[0]?.serviceArn ?? '')).toMatchObject({
    waits: [{ text: expect.stringMatching(text) }],
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
