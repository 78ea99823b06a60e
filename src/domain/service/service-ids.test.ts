import { expect, test } from 'vitest';
import { newId } from '../../support/ids.ts';
import { revisionDigits, serviceDeploymentId } from './service-ids.ts';

test('the id of a revision is 19 decimal digits, which may begin with 0', () => {
  expect(revisionDigits(newId())).toMatch(/^\d{19}$/);
  expect(revisionDigits(`${'f'.repeat(16)}${'0'.repeat(15)}7`)).toBe('0000000000000000007');
});

test('ids of service deployments ascend as they are made', () => {
  const ids = Array.from({ length: 100 }, () => serviceDeploymentId(newId()));
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{21}$/);
});
