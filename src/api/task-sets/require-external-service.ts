import type { Scope } from '../../domain/arn.ts';
import { serviceNotActive } from '../../domain/service/service-errors.ts';
import { isExternal, type ExternalService } from '../../domain/service/service.ts';
import { notExternallyControlled } from '../../domain/service/task-sets/task-set-errors.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { requireService, type ServiceNames } from '../services/require-service.ts';

/** @throws EcsError where there is none, or it has another deployment controller */
export function requireExternalService(
  tables: ReadonlyTables,
  scope: Scope,
  names: ServiceNames,
): ExternalService {
  const service = requireService(tables, scope, names);
  if (!isExternal(service)) throw notExternallyControlled();
  return service;
}

/** @throws EcsError where there is none, it has another deployment controller, or it has been deleted */
export function requireActiveExternalService(
  tables: ReadonlyTables,
  scope: Scope,
  names: ServiceNames,
): ExternalService {
  const service = requireExternalService(tables, scope, names);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  return service;
}
