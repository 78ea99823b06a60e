import { expect, test } from 'vitest';
import { taskArn } from '../../domain/arn.ts';
import { ManualClock } from '../../support/clock.ts';
import type { ContainerSizes } from './engine-types.ts';
import { StorageUse } from './storage-use.ts';

const scope = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const arn = taskArn(scope, 'default', '0123456789abcdef0123456789abcdef');

test('A task takes the layers of its containers and each of its images once', async () => {
  const containers = [
    { Image: 'app', SizeRw: 10, SizeRootFs: 110 },
    { Image: 'app', SizeRw: 5, SizeRootFs: 105 },
    { Image: 'proxy', SizeRootFs: 40 },
  ];
  const use = new StorageUse({ clock: new ManualClock(), measure: async () => containers });
  expect(await use.of(arn)).toBe(155);
});

test('A task that asks often is measured once in ten seconds', async () => {
  const clock = new ManualClock();
  let size = 0;
  const measure = async () => [{ Image: 'app', SizeRw: (size += 1), SizeRootFs: size }];
  const use = new StorageUse({ clock, measure });
  const asked = [await use.of(arn)];
  clock.advance(9_999);
  asked.push(await use.of(arn));
  clock.advance(1);
  asked.push(await use.of(arn));
  expect(asked).toEqual([1, 1, 2]);
});

test('Who asks is told what was where a measurement takes long', async () => {
  const clock = new ManualClock();
  const slow = Promise.withResolvers<readonly ContainerSizes[]>();
  const measurements = [
    Promise.resolve([{ Image: 'app', SizeRw: 1, SizeRootFs: 1 }]),
    slow.promise,
  ];
  const use = new StorageUse({ clock, measure: () => measurements.shift() ?? slow.promise });
  expect(await use.of(arn)).toBe(1);
  clock.advance(10_000);
  const asked = use.of(arn);
  clock.advance(500);
  expect(await asked).toBe(1);
  slow.resolve([{ Image: 'app', SizeRw: 2, SizeRootFs: 2 }]);
  expect(await use.of(arn)).toBe(2);
});

test('Nothing is told where the first measurement takes long', async () => {
  const clock = new ManualClock();
  const use = new StorageUse({ clock, measure: () => new Promise(() => undefined) });
  const asked = use.of(arn);
  clock.advance(500);
  expect(await asked).toBeUndefined();
});
