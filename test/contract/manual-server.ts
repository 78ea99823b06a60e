import type { ECS } from '@aws-sdk/client-ecs';
import { ManualClock } from '../../src/support/clock.ts';
import type { AwsCalls } from '../../src/server.ts';
import type { Store } from '../../src/store/store.ts';
import { atRest } from '../fixtures/open-state.ts';
import { newAccount, startTestServer, type TestServer } from './server.ts';

/** A server whose time stands still until it is moved. */
export interface ManualServer extends AsyncDisposable {
  readonly server: TestServer;
  readonly ecs: ECS;
  readonly clock: ManualClock;
  /** Moves on, and lets everything happen that is due on the way. */
  readonly advance: (milliseconds: number) => Promise<void>;
}

export const startOfTime = Date.UTC(2026, 8, 16, 9, 0, 0);

export async function startManualServer(
  awsCalls: AwsCalls = {},
  { store, startAt = startOfTime }: { readonly store?: Store; readonly startAt?: number } = {},
): Promise<ManualServer> {
  const clock = new ManualClock(startAt);
  const server = await startTestServer({ clock, awsCalls, ...(store && { store }) });
  const ecs = server.client(newAccount());
  return {
    server,
    ecs,
    clock,
    advance: (milliseconds) => clock.advanceSettling(milliseconds, () => atRest(server.state)),
    [Symbol.asyncDispose]: async () => {
      ecs.destroy();
      await server.close();
    },
  };
}
