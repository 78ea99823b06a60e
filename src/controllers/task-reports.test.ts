import { expect, test } from 'vitest';
import { aTask } from '../../test/fixtures/a-task.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { takeReports } from './task-reports.ts';

test('each version of a task is told as an event, also where compute reports late and all at once', async () => {
  const state = await openState({ now: () => 0 });
  const task = aTask();
  const [container = ''] = task.containers.map(({ name }) => name);
  state.transact((tx) => tx.tasks.put(task));
  takeReports(state, {
    taskArn: task.arn,
    reports: [
      { kind: 'Connected', at: 1 },
      { kind: 'PullStarted', at: 2 },
      { kind: 'PullStopped', at: 3 },
      { kind: 'ContainerStarted', container, at: 4 },
    ],
  });
  await state.flush();
  const events = await state.readEvents({ limit: 10 });
  expect(events.map(({ event }) => event.detail)).toMatchObject([
    { lastStatus: 'PROVISIONING', version: 1 },
    { lastStatus: 'PENDING', version: 2 },
    { lastStatus: 'RUNNING', version: 3 },
  ]);
});
