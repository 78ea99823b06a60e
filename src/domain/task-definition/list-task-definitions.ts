import type { TaskDefinitionFamilyStatus } from '@aws-sdk/client-ecs';

/** ListTaskDefinitionFamilies: a family is ACTIVE while one of its revisions is. */
export function isFamilyListed(
  filter: TaskDefinitionFamilyStatus,
  activeRevisionCount: number,
): boolean {
  if (filter === 'ALL') return true;
  return (filter === 'ACTIVE') === activeRevisionCount > 0;
}
