import type { Scope } from '../../domain/arn.ts';
import type { Daemon } from '../../domain/daemon/daemon.ts';
import { daemonNotActive, daemonNotFound } from '../../domain/daemon/daemon-errors.ts';
import { parseDaemonArn } from '../../domain/daemon/daemon-ref.ts';
import type { ReadonlyTables } from '../../state/tables.ts';

/** @throws EcsError DaemonNotFoundException */
export function requireDaemon(
  { daemons }: ReadonlyTables,
  scope: Scope,
  ref: string | undefined,
): Daemon {
  const daemon = daemons.findByArn(parseDaemonArn(scope, ref));
  if (!daemon) throw daemonNotFound();
  return daemon;
}

/** @throws EcsError DaemonNotActiveException, also for one that is being deleted */
export function requireActiveDaemon(
  tables: ReadonlyTables,
  scope: Scope,
  ref: string | undefined,
): Daemon {
  const daemon = requireDaemon(tables, scope, ref);
  if (daemon.status !== 'ACTIVE') throw daemonNotActive();
  return daemon;
}
