import type { TaskDefinitionFamilyStatus } from '@aws-sdk/client-ecs';
import type { TaskDefinition } from './task-definition.ts';

type Listed = Pick<TaskDefinition, 'family' | 'revision'>;

/** ListTaskDefinitions: by family, then by revision as a number. */
export function compareTaskDefinitions(a: Listed, b: Listed): number {
  if (a.family !== b.family) return a.family < b.family ? -1 : 1;
  return a.revision - b.revision;
}

/** ListTaskDefinitionFamilies: a family is ACTIVE while one of its revisions is. */
export function isFamilyListed(
  filter: TaskDefinitionFamilyStatus,
  activeRevisionCount: number,
): boolean {
  if (filter === 'ALL') return true;
  return (filter === 'ACTIVE') === activeRevisionCount > 0;
}
