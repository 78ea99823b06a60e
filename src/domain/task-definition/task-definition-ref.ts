import type { Scope } from '../arn.ts';
import { isArn, parseArn, parseOwnArn } from '../arn.ts';
import type { EcsError } from '../errors.ts';
import { clientError, invalidParameter } from '../errors.ts';
import { familyFault } from './family.ts';

const greatestRevision = 2_147_483_647;
const maximumDeletions = 10;

/** Which space of families a reference is into. */
export interface FamilySpace {
  readonly resourceType: string;
  readonly noun: string;
}

const taskDefinitions: FamilySpace = { resourceType: 'task-definition', noun: 'task definition' };

export const daemonTaskDefinitions: FamilySpace = {
  resourceType: 'daemon-task-definition',
  noun: 'daemon task definition',
};

/** A family stands for its latest ACTIVE revision. */
export type TaskDefinitionRef = { readonly kind: 'family'; readonly family: string } | RevisionRef;

export interface RevisionRef {
  readonly kind: 'revision';
  readonly family: string;
  readonly revision: number;
}

/**
 * Reads `family`, `family:revision` or an ARN.
 * @param blank what the operation says where nothing is given
 * @throws EcsError
 */
export function parseTaskDefinitionRef(
  scope: Scope,
  text: string | undefined,
  blank: () => EcsError = taskDefinitionBlank,
  space: FamilySpace = taskDefinitions,
): TaskDefinitionRef {
  if (!text) throw blank();
  const name = isArn(text) ? nameInArn(scope, text, space) : text;
  const colon = name.indexOf(':');
  const family = colon < 0 ? name : name.slice(0, colon);
  const fault = familyFault(family);
  if (fault !== undefined) throw invalidParameter(fault);
  if (colon < 0) return { kind: 'family', family };
  return { kind: 'revision', family, revision: parseRevision(name.slice(colon + 1)) };
}

function nameInArn(scope: Scope, text: string, space: FamilySpace): string {
  if (parseArn(text).scope.accountId !== scope.accountId) throw clientError('AccountIDs mismatch');
  const { resourceType, path } = parseOwnArn(scope, text);
  // [inferred wording, ECS's grammar]
  if (resourceType !== space.resourceType) {
    throw invalidParameter(`Invalid identifier: Identifier is not for a ${space.noun}`);
  }
  const [name = '', ...rest] = path;
  if (rest.length > 0)
    throw invalidParameter('Invalid identifier: Unexpected number of separators');
  return name;
}

function parseRevision(text: string): number {
  const revision = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (revision >= 1 && revision <= greatestRevision) return revision;
  throw invalidParameter(`Invalid revision number. Number: ${text}`);
}

/** DeregisterTaskDefinition takes no family alone. */
export function parseRevisionRef(
  scope: Scope,
  text: string | undefined,
  space: FamilySpace = taskDefinitions,
): RevisionRef {
  const ref = parseTaskDefinitionRef(scope, text, revisionMissing, space);
  if (ref.kind === 'family') throw revisionMissing();
  return ref;
}

/** The list of DeleteTaskDefinitions. */
export function parseRevisionRefs(
  scope: Scope,
  texts: readonly string[] = [],
): readonly RevisionRef[] {
  if (texts.length === 0) {
    throw invalidParameter('size of TaskDefinition references list must be greater than 0');
  }
  if (texts.length > maximumDeletions) {
    throw invalidParameter(
      `Size of TaskDefinition references list cannot exceed ${maximumDeletions}`,
    );
  }
  return texts.map((text) => parseRevisionRef(scope, text));
}

/** What operations that run a definition say where none is given. [inferred wording] */
function taskDefinitionBlank(): EcsError {
  return invalidParameter('TaskDefinition can not be blank.');
}

/** What DescribeTaskDefinition says where none is given. */
export function describedTaskDefinitionBlank(): EcsError {
  return clientError('Task Definition can not be blank.');
}

function revisionMissing(): EcsError {
  return invalidParameter('Revision is missing');
}

/** RunTask, StartTask and the operations on services: no such revision, or none that is ACTIVE. */
export function taskDefinitionNotFound(): EcsError {
  return clientError('TaskDefinition not found.');
}

/** DescribeTaskDefinition and DeregisterTaskDefinition say the same in these words. */
export function cannotDescribeTaskDefinition(): EcsError {
  return clientError('Unable to describe task definition.');
}
