import type { Scope } from '../../domain/arn.ts';
import type { EcsError } from '../../domain/errors.ts';
import { parseServiceRef, requireServiceRef } from '../../domain/service/service-ref.ts';
import { serviceNotActive, serviceNotFound } from '../../domain/service/service-errors.ts';
import type { AnyService } from '../../domain/service/service.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import { requireLiveCluster } from '../require.ts';

export interface ServiceNames {
  readonly cluster?: string | undefined;
  readonly service: string | undefined;
}

/** @throws EcsError where there is none; that it is not named is found before its cluster is looked up */
export function requireService(
  tables: ReadonlyTables,
  scope: Scope,
  names: ServiceNames,
  notFound: () => EcsError = serviceNotFound,
): AnyService {
  const ref = requireServiceRef(names.service);
  const cluster = requireLiveCluster(tables, scope, names.cluster);
  const service = tables.services.findByArn(parseServiceRef(cluster.arn, ref));
  if (!service) throw notFound();
  return service;
}

/** @throws EcsError where there is none, or it has been deleted */
export function requireActiveService(
  tables: ReadonlyTables,
  scope: Scope,
  names: ServiceNames,
): AnyService {
  const service = requireService(tables, scope, names);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  return service;
}
