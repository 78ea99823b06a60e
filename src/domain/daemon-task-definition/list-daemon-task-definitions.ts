import type { ListDaemonTaskDefinitionsRequest } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';

/** A checked ListDaemonTaskDefinitions request. */
export interface DaemonTaskDefinitionFilter {
  readonly status: 'ACTIVE' | 'DELETE_IN_PROGRESS' | 'ALL';
  readonly direction: 'ASC' | 'DESC';
  /** What the names of families begin with; one that ends with a space is the whole name. */
  readonly prefix: string;
  readonly lastRegistered: boolean;
}

/** @throws EcsError InvalidParameterException [inferred texts, after those of ListTaskDefinitions] */
export function parseDaemonTaskDefinitionFilter(
  input: ListDaemonTaskDefinitionsRequest,
): DaemonTaskDefinitionFilter {
  const { family, familyPrefix, revision } = input;
  if (family && familyPrefix) {
    throw invalidParameter('cannot specify family with familyPrefix');
  }
  if (revision && revision !== 'LAST_REGISTERED') {
    throw invalidParameter('revision should be one of [LAST_REGISTERED]');
  }
  return {
    status: parseStatus(input.status),
    direction: parseSort(input.sort),
    prefix: family ? `${family} ` : (familyPrefix ?? ''),
    lastRegistered: revision === 'LAST_REGISTERED',
  };
}

function parseStatus(status: string | undefined): DaemonTaskDefinitionFilter['status'] {
  switch (status) {
    case undefined:
    case '':
      return 'ACTIVE';
    case 'ACTIVE':
    case 'ALL':
    case 'DELETE_IN_PROGRESS':
      return status;
    default:
      throw invalidParameter('status should be one of [ACTIVE,ALL,DELETE_IN_PROGRESS]');
  }
}

function parseSort(sort: string | undefined): 'ASC' | 'DESC' {
  if (sort === undefined || sort === '' || sort === 'ASC') return 'ASC';
  if (sort === 'DESC') return sort;
  throw invalidParameter('sort should be one of [ASC,DESC]');
}
