import { expect, test } from 'vitest';
import { fargateRuntimeId } from './runtime-id.ts';

const taskId = '0123456789abcdef0123456789abcdef';

test.each([
  { name: 'main', digits: '3935363592' },
  { name: 'init', digits: '0380752755' },
])('the container $name of every FARGATE task has the digits $digits', ({ name, digits }) => {
  expect(fargateRuntimeId(taskId, name)).toBe(`${taskId}-${digits}`);
});
