import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../support/clock.ts';

/** Which private namespaces somebody may see. */
export type Sight =
  /** Those of all accounts: where every signature is accepted, accounts keep nobody out. */
  | { readonly kind: 'All' }
  /** Those of one account and region, as `scopeKey` gives them. */
  | { readonly kind: 'Scope'; readonly scope: string }
  /** None; what is outside can be asked for. */
  | { readonly kind: 'Outside' };

export interface Client {
  readonly sight: Sight;
  /** Whether it is this machine, whose programs may ask as much as they like. */
  readonly isMachine: boolean;
}

export interface ClientsParts {
  /** The account and region of the task, or of the container instance, that has an address. */
  readonly scopeAt: (address: string) => string | undefined;
  /** What the programs of this machine see. */
  readonly machineSight: Sight;
  /** What containers on Docker's default bridge see; absent where no task is there. */
  readonly bridgeSight?: Sight;
  readonly clock: Clock;
}

/** Docker's own name of its default bridge. */
const defaultBridge = 'docker0';
/** Interfaces come and go with networks of Docker. */
const lookAgainAfterMs = 5_000;

/** Knows who asks by the address. Nobody but tasks and their machines is answered. */
export class Clients {
  readonly #parts: ClientsParts;
  readonly #interfaces: typeof networkInterfaces;
  #own: ReadonlySet<string> = new Set();
  #bridge = new BlockList();
  #lookedAt = -Infinity;

  constructor(parts: ClientsParts, interfaces = networkInterfaces) {
    this.#parts = parts;
    this.#interfaces = interfaces;
  }

  find(address: string): Client | undefined {
    const { scopeAt, machineSight, bridgeSight } = this.#parts;
    const scope = scopeAt(address);
    if (scope !== undefined) return { sight: { kind: 'Scope', scope }, isMachine: false };
    this.#look();
    if (address.startsWith('127.') || this.#own.has(address)) {
      return { sight: machineSight, isMachine: true };
    }
    if (bridgeSight && !isIPv6(address) && this.#bridge.check(address)) {
      return { sight: bridgeSight, isMachine: false };
    }
    return undefined;
  }

  #look(): void {
    const now = this.#parts.clock.now();
    if (now - this.#lookedAt < lookAgainAfterMs) return;
    this.#lookedAt = now;
    const interfaces = this.#interfaces();
    this.#own = new Set(
      Object.values(interfaces).flatMap((all) => all?.map((one) => one.address) ?? []),
    );
    this.#bridge = new BlockList();
    for (const { address, cidr, family } of interfaces[defaultBridge] ?? []) {
      const prefix = Number(cidr?.split('/')[1]);
      if (family === 'IPv4') this.#bridge.addSubnet(address, prefix);
    }
  }
}
