import type { Scope } from '../../domain/arn.ts';
import { isExternal, type AnyService, type ExternalService } from '../../domain/service/service.ts';
import { notExternallyControlled } from '../../domain/service/task-sets/task-set-errors.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { requireClusterRef } from '../require.ts';
import {
  requireActiveService,
  requireService,
  type ServiceNames,
} from '../services/require-service.ts';

/** @throws EcsError where its cluster is not named, there is none, or it has another deployment controller */
export function requireExternalService(
  tables: ReadonlyTables,
  scope: Scope,
  names: ServiceNames,
): ExternalService {
  requireClusterRef(names.cluster);
  return checkedExternal(requireService(tables, scope, names));
}

/** @throws EcsError as above, and where it has been deleted */
export function requireActiveExternalService(
  tables: ReadonlyTables,
  scope: Scope,
  names: ServiceNames,
): ExternalService {
  requireClusterRef(names.cluster);
  return checkedExternal(requireActiveService(tables, scope, names));
}

function checkedExternal(service: AnyService): ExternalService {
  if (!isExternal(service)) throw notExternallyControlled();
  return service;
}
