import { BlockList, isIPv4 } from 'node:net';
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
  /** The addresses of these, such as `172.17.0.0/16`; undefined as long as that is not known. */
  readonly bridgeSubnet: () => string | undefined;
  readonly clock: Clock;
}

/** An address that was this machine's may be somebody else's one day. */
const lookAgainAfterMs = 5_000;

/** Knows who asks by the address. Nobody but tasks and their machines is answered. */
export class Clients {
  readonly #parts: ClientsParts;
  readonly #interfaces: typeof networkInterfaces;
  #own: ReadonlySet<string> = new Set();
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
    if (bridgeSight && isIPv4(address) && this.#bridge.check(address)) {
      return { sight: bridgeSight, isMachine: false };
    }
    const instanceScope = instanceScopeAt(address);
    return instanceScope === undefined ? undefined : clientIn(instanceScope);
  }

  #look(): void {
    const now = this.#parts.clock.now();
    if (now - this.#lookedAt < lookAgainAfterMs) return;
    this.#lookedAt = now;
    const all = Object.values(this.#interfaces()).flatMap((one) => one ?? []);
    this.#own = new Set(all.map(({ address }) => address));
  }

  get #bridge(): BlockList {
    const [address = '', prefix = ''] = this.#parts.bridgeSubnet()?.split('/') ?? [];
    const subnet = new BlockList();
    if (isIPv4(address)) subnet.addSubnet(address, Number(prefix));
    return subnet;
  }
}

function clientIn(scope: string): Client {
  return { sight: { kind: 'Scope', scope }, isMachine: false };
}
