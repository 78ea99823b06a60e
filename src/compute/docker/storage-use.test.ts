import { expect, test } from 'vitest';
import { taskArn } from '../../domain/arn.ts';
import { ManualClock } from '../../support/clock.ts';
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
