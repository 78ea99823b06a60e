import type { CreateServiceRequest, ECS, Service } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import {
  aServiceRequest,
  describeService,
  eventTexts,
  newest,
  register,
  serviceTasks,
  startServiceServer,
} from './service-requests.ts';

interface Counts {
  readonly running: number;
  readonly pending: number;
}

/** What the tasks of the service themselves say, by what started them. */
async function countsOfTasks(ecs: ECS): Promise<ReadonlyMap<string, Counts>> {
  const arns = await serviceTasks(ecs);
  const { tasks = [] } = arns.length === 0 ? {} : await ecs.describeTasks({ tasks: arns });
  const counts = new Map<string, Counts>();
  for (const { startedBy = '', lastStatus } of tasks) {
    const { running, pending } = counts.get(startedBy) ?? { running: 0, pending: 0 };
    const isRunning = lastStatus === 'RUNNING';
    counts.set(startedBy, {
      running: running + Number(isRunning),
      pending: pending + Number(!isRunning),
    });
  }
  return counts;
}

/** What the service says of the same; deployments without tasks are left out. */
function countsOfDeployments({ deployments = [] }: Service): ReadonlyMap<string, Counts> {
  return new Map(
    deployments
      .map(({ id = '', runningCount = 0, pendingCount = 0 }) => {
        return [id, { running: runningCount, pending: pendingCount }] as const;
      })
      .filter(([, { running, pending }]) => running + pending > 0),
  );
}

const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };

test.for<[Partial<CreateServiceRequest>, string]>([
  [{}, 'simulated/run'],
  [{ deploymentConfiguration: { minimumHealthyPercent: 50 } }, 'simulated/sleep:1s'],
  [{ deploymentConfiguration: breaker }, 'simulated/missing'],
  [{ deploymentConfiguration: breaker }, 'simulated/crash'],
  [{ deploymentConfiguration: { strategy: 'BLUE_GREEN' } }, 'simulated/run'],
  [{ deploymentConfiguration: { strategy: 'BLUE_GREEN', ...breaker } }, 'simulated/crash'],
])(
  'with %j a deployment of %s has the counts of its tasks at every moment',
  async ([given, image]) => {
    await using manual = await startServiceServer();
    const { ecs, advance } = manual;
    await ecs.createService(aServiceRequest({ desiredCount: 3, ...given }));
    await advance(10_000);
    await register(ecs, image);
    await ecs.updateService({ service: 'shop', taskDefinition: 'web', desiredCount: 4 });
    for (let step = 0; step < 150; step += 1) {
      await advance(step < 100 ? 10 : 100);
      const service = await describeService(ecs);
      const counts = await countsOfTasks(ecs);
      expect(countsOfDeployments(service)).toEqual(counts);
      const sums = [...counts.values()].reduce(
        (sum, { running, pending }) => ({
          running: sum.running + running,
          pending: sum.pending + pending,
        }),
        { running: 0, pending: 0 },
      );
      expect(sums).toEqual({ running: service.runningCount, pending: service.pendingCount });
    }
  },
);

test('tasks that a roll-back stops before they have run are told as pending ones', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await ecs.createService(aServiceRequest());
  await advance(10_000);
  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web' });
  await advance(10);
  expect(await describeService(ecs)).toMatchObject({ runningCount: 2, pendingCount: 2 });
  const { serviceDeploymentArn } = await newest(ecs);
  await ecs.stopServiceDeployment({ serviceDeploymentArn });
  await advance(10_000);
  expect(eventTexts(await describeService(ecs)).slice(-4)).toEqual([
    '(service shop) rolling back to deployment ecs-svc/N.',
    '(service shop) stopped 2 pending tasks.',
    '(service shop) (deployment ecs-svc/N) deployment completed.',
    '(service shop) has reached a steady state.',
  ]);
});
