import { expect, test } from 'vitest';
import { instanceArn } from '../../../test/fixtures/container-instances.ts';
import { Telemetry } from './telemetry.ts';

const arn = instanceArn(1);
const everything = { now: 5, isOurs: () => true };
const cpu = (sum: number) => ({ min: 0, max: sum, sum, sampleCount: 1 });

function metricsOf(taskArn: string, containers: Record<string, number>, fin = true) {
  const containerMetrics = Object.entries(containers).map(([containerName, sum]) => ({
    containerName,
    cpuStatsSet: cpu(sum),
  }));
  return { metadata: { fin }, taskMetrics: [{ taskArn, containerMetrics }] };
}

test('the newest figures of each container are kept, and the others of its task stay', () => {
  const telemetry = new Telemetry();
  telemetry.take(arn, metricsOf('task', { app: 1, side: 2 }), everything);
  telemetry.take(arn, metricsOf('task', { app: 3 }), { ...everything, now: 9 });
  const figures = telemetry.ofTask(arn, 'task');
  expect(figures.get('app')).toMatchObject({ at: 9, metrics: { cpuStatsSet: { sum: 3 } } });
  expect(figures.get('side')).toMatchObject({ at: 5, metrics: { cpuStatsSet: { sum: 2 } } });
});

test('containers of the agent itself do not count', () => {
  const telemetry = new Telemetry();
  telemetry.take(arn, metricsOf('task', { '~internal~ecs~pause': 1 }), everything);
  expect(telemetry.ofTask(arn, 'task').size).toBe(0);
});

test('only tasks of the instance are kept, and none once it has gone', () => {
  const telemetry = new Telemetry();
  telemetry.take(arn, metricsOf('foreign', { app: 1 }), { now: 5, isOurs: () => false });
  expect(telemetry.ofTask(arn, 'foreign').size).toBe(0);
  telemetry.take(arn, metricsOf('task', { app: 1 }), everything);
  const ended = { metadata: { fin: true, idle: true } };
  telemetry.take(arn, ended, { now: 6, isOurs: () => false });
  expect(telemetry.ofTask(arn, 'task').size).toBe(0);
  telemetry.take(arn, metricsOf('task', { app: 1 }), everything);
  telemetry.forget(arn);
  expect(telemetry.ofTask(arn, 'task').size).toBe(0);
});
