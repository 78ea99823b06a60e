import type { Scope } from '../arn.ts';
import { taskDefinitionArn } from '../arn.ts';
import type { EcsError } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { sharingParts } from '../sharing-parts.ts';
import { compatibilitiesOf } from './compatibilities.ts';
import type { ParsedTaskDefinition } from './parse-task-definition.ts';
import { requiresAttributesOf } from './requires-attributes.ts';
import type { TaskDefinition } from './task-definition.ts';

export interface Registration {
  readonly scope: Scope;
  readonly parsed: ParsedTaskDefinition;
  /** One more than the family ever had: numbers are not used twice. */
  readonly revision: number;
  /** The revision before, while it exists: mostly an image is all in which the new one differs. */
  readonly previous?: TaskDefinition | undefined;
  readonly now: Instant;
  /** The ARN of the principal who registers it. */
  readonly registeredBy: string;
}

export function newTaskDefinition(registration: Registration): TaskDefinition {
  const { scope, parsed, revision, previous, now, registeredBy } = registration;
  assert(Number.isSafeInteger(revision) && revision >= 1, 'revisions count from 1');
  const content = previous ? sharingParts(previous.content, parsed.content) : parsed.content;
  const isRepeated = content === previous?.content;
  return {
    arn: taskDefinitionArn(scope, parsed.family, revision),
    family: parsed.family,
    revision,
    status: 'ACTIVE',
    content,
    compatibilities: isRepeated ? previous.compatibilities : compatibilitiesOf(content),
    requiresAttributes: isRepeated ? previous.requiresAttributes : requiresAttributesOf(content),
    registeredAt: now,
    registeredBy,
    tags: parsed.tags,
  };
}

/** DeregisterTaskDefinition: there is no way back. What is not ACTIVE stays as it is. */
export function deregistered(definition: TaskDefinition, now: Instant): TaskDefinition {
  if (definition.status !== 'ACTIVE') return definition;
  assert(definition.deregisteredAt === undefined, 'an ACTIVE definition was never deregistered');
  return { ...definition, status: 'INACTIVE', deregisteredAt: now };
}

/**
 * DeleteTaskDefinitions: the definition is gone once nothing uses it any more. ECS keeps no time of
 * the request. Asking again changes nothing.
 */
export function deleteRequested(definition: TaskDefinition): TaskDefinition {
  assert(deletionRefusal(definition) === undefined, 'only deregistered definitions are deleted');
  assert(definition.deregisteredAt !== undefined, 'a deregistered definition has the time of it');
  return { ...definition, status: 'DELETE_IN_PROGRESS' };
}

/** The `reason` of a failure of DeleteTaskDefinitions; undefined if the definition can go. */
export function deletionRefusal(definition: TaskDefinition | undefined): string | undefined {
  if (definition === undefined) {
    return (
      'The specified task definition does not exist. ' +
      'Specify a valid account, family, revision and try again.'
    );
  }
  if (definition.status !== 'ACTIVE') return undefined;
  return (
    'The specified task definition is still in ACTIVE status. ' +
    'Please deregister the target and try again.'
  );
}

/**
 * Refuses to start something new from a definition that is not ACTIVE.
 * @param refuse the code: RunTask and StartTask say InvalidParameterException, CreateService and
 *   UpdateService ClientException
 */
export function requireActive(
  { status }: TaskDefinition,
  refuse: (message: string) => EcsError,
): void {
  if (status === 'INACTIVE') throw refuse('TaskDefinition is inactive');
  if (status === 'DELETE_IN_PROGRESS') throw refuse('TaskDefinition is being deleted');
}

function assert(holds: boolean, invariant: string): asserts holds {
  if (!holds) throw new Error(`Broken invariant of task definitions: ${invariant}`);
}
