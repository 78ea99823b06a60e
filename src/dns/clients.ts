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

type ScopeAt = (address: string) => string | undefined;

export interface ClientsParts {
  /** The account and region of the task of our own compute that has an address, as `scopeKey` gives them. */
  readonly taskScopeAt: ScopeAt;
  /** The same of the machines whose agents are connected. */
  readonly instanceScopeAt: ScopeAt;
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
    const { taskScopeAt, instanceScopeAt, machineSight, bridgeSight } = this.#parts;
    const taskScope = taskScopeAt(address);
    if (taskScope !== undefined) return clientIn(taskScope);
    this.#look();
    if (address.startsWith('127.') || this.#own.has(address)) {
      return { sight: machineSight, isMachine: true };
    }
    if (bridgeSight && !isIPv6(address) && this.#bridge.check(address)) {
      return { sight: bridgeSight, isMachine: false };
    }
    const instanceScope = instanceScopeAt(address);
    return instanceScope === undefined ? undefined : clientIn(instanceScope);
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

function clientIn(scope: string): Client {
  return { sight: { kind: 'Scope', scope }, isMachine: false };
}
