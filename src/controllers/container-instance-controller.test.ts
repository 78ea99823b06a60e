import { expect, test } from 'vitest';
import { aContainerInstance } from '../../test/fixtures/container-instances.ts';
import { openState } from '../../test/fixtures/open-state.ts';
import { ManualClock } from '../support/clock.ts';
import { ContainerInstanceController } from './container-instance-controller.ts';
import { lookAgain, settled } from './controller.ts';

const hour = 60 * 60 * 1000;
const inactive = aContainerInstance({ id: 1, status: 'INACTIVE', deregisteredAt: 1000 });
const active = aContainerInstance({ id: 2 });

test('a deregistered instance is forgotten after an hour, and no other ever', async () => {
  const state = await openState();
  state.transact((tx) => {
    tx.containerInstances.put(inactive);
    tx.containerInstances.put(active);
  });
  const clock = new ManualClock(1000);
  const controller = new ContainerInstanceController({ state, clock });
  expect([...controller.allKeys()]).toEqual([inactive.arn]);
  expect(controller.reconcile(active.arn)).toEqual(settled);
  expect(controller.reconcile(inactive.arn)).toEqual(lookAgain(1000 + hour));
  clock.advance(hour);
  expect(controller.reconcile(inactive.arn)).toEqual(settled);
  expect(state.read.containerInstances.findByArn(inactive.arn)).toBeUndefined();
  expect(state.read.containerInstances.findByArn(active.arn)).toEqual(active);
  await state.flush();
});
