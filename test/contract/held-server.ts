import type { ECS } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { MemoryDisk } from '../../src/store/memory/memory-store.ts';
import { systemClock } from '../../src/support/clock.ts';
import { newAccount, startTestServer, type TestServer } from './server.ts';

/** A server whose disk can be held: it decides, and answers nobody until the disk is released. */
export interface HeldServer extends AsyncDisposable {
  readonly server: TestServer;
  readonly ecs: ECS;
  hold(): void;
  /** Waits until so many calls have been decided since the disk is held. */
  decided(calls: number): Promise<void>;
  release(): void;
}

export async function startHeldServer(): Promise<HeldServer> {
  const gate = new Gate();
  // A call is decided in the same turn in which the door looks at the clock for it.
  let looks = 0;
  const clock = {
    now: () => {
      looks += 1;
      return systemClock.now();
    },
    at: systemClock.at.bind(systemClock),
  };
  const store = await new MemoryDisk().open({ beforeCommit: () => gate.opened });
  const server = await startTestServer({ store, clock });
  const ecs = server.client(newAccount());
  return {
    server,
    ecs,
    hold: () => {
      gate.close();
      looks = 0;
    },
    decided: (calls) => expect.poll(() => looks).toBeGreaterThanOrEqual(calls),
    release: () => gate.open(),
    [Symbol.asyncDispose]: async () => {
      gate.open();
      ecs.destroy();
      await server.close();
    },
  };
}

class Gate {
  #deferred: PromiseWithResolvers<void> | undefined;

  get opened(): Promise<void> | undefined {
    return this.#deferred?.promise;
  }

  close(): void {
    this.#deferred ??= Promise.withResolvers();
  }

  open(): void {
    this.#deferred?.resolve();
    this.#deferred = undefined;
  }
}
