import { expect, test } from 'vitest';
import { isFamilyListed } from './list-task-definitions.ts';

test.each([
  { filter: 'ACTIVE', withActive: true, withoutActive: false },
  { filter: 'INACTIVE', withActive: false, withoutActive: true },
  { filter: 'ALL', withActive: true, withoutActive: true },
] as const)('families are listed by whether they have an ACTIVE revision: $filter', (row) => {
  expect(isFamilyListed(row.filter, 1)).toBe(row.withActive);
  expect(isFamilyListed(row.filter, 0)).toBe(row.withoutActive);
});
