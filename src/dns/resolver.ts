/**
 * The resolver of private namespaces: what it answers is decided in `domain/dns`, who asks is found out in `clients.ts`, and
 * what is outside goes through `forwarder.ts` to the resolvers of this machine.
 */
import type { ContainerResolver } from '../compute/container-resolver.ts';
import type { State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import type { Logger } from '../support/logger.ts';
import type { ClientsParts } from './clients.ts';
import type { HostResolvers, Upstream } from './host-resolvers.ts';
import type { AnswerMessage, Sockets } from './sockets.ts';

/** Where a VPC has its own resolver. */
export const usualResolverHost = '169.254.169.253';
const domainPort = 53;
/** C libraries and Docker ask no more than three servers. */
const mostOthers = 2;

export interface ResolverSetting {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whom to ask in the place of this machine's resolvers. */
  readonly upstreams?: () => Promise<readonly Upstream[]>;
}

export interface ResolverFacts extends Omit<ClientsParts, 'clock' | 'bridgeSubnet'> {
  readonly state: State;
}

/** Nearly all of it is loaded when it first listens, so that no start waits for it. */
export class Resolver implements ContainerResolver {
  bridgeSubnet: string | undefined;
  readonly #setting: ResolverSetting;
  #facts: ResolverFacts | undefined;
  #hostResolvers: HostResolvers | undefined;
  #sockets: Sockets | undefined;
  #listening: Promise<void> | undefined;
  #others: readonly string[] = [];
  #complaint = '';
  #isGivenUp = false;
  #isClosed = false;

  constructor(setting: ResolverSetting) {
    this.#setting = setting;
  }

  /** What it answers from; without it there is nothing to listen for. */
  serve(facts: ResolverFacts): void {
    this.#facts = facts;
  }

  /** The port that it listens on; undefined while it does not. */
  get port(): number | undefined {
    return this.#sockets?.port;
  }

  get host(): string {
    return this.#setting.host;
  }

  giveUp(): void {
    this.#isGivenUp = true;
  }

  /** Containers can be told an address, and no port. Loopback is their own. */
  get nameServers(): readonly string[] {
    const { host } = this.#setting;
    const isReachable = this.port === domainPort && !host.includes(':') && !host.startsWith('127.');
    return isReachable && !this.#isGivenUp ? [host, ...this.#others.slice(0, mostOthers)] : [];
  }

  listen(): Promise<void> {
    this.#listening ??= this.#listen().finally(() => (this.#listening = undefined));
    return this.#listening;
  }

  async #listen(): Promise<void> {
    const { host, port, clock, log } = this.#setting;
    const { HostResolvers: Resolvers } = await import('./host-resolvers.ts');
    const hostResolvers = (this.#hostResolvers ??= new Resolvers(clock, host));
    this.#others = await hostResolvers.forContainers();
    if (this.#isClosed || this.#sockets || !this.#facts) return;
    try {
      await this.#takeAddress(hostResolvers);
      this.#sockets = await this.#open(this.#facts, hostResolvers);
    } catch (error) {
      const { message: reason } = error instanceof Error ? error : new Error(String(error));
      if (reason === this.#complaint) return;
      this.#complaint = reason;
      log.warn(
        { reason, address: `${host}:${port}` },
        'Containers cannot resolve names of private namespaces: their resolver cannot be listened on.',
      );
    }
  }

  async #takeAddress(hostResolvers: HostResolvers): Promise<void> {
    const { addToLoopback, isLinkLocal, isOfThisMachine } = await import('./link-local.ts');
    const { host } = this.#setting;
    if (!isLinkLocal(host) || isOfThisMachine(host)) return;
    if (await hostResolvers.includes(host)) {
      throw new Error(`${host} is the resolver that this machine itself asks, and elsewhere.`);
    }
    await addToLoopback(host);
  }

  async #open(
    { state, ...clients }: ResolverFacts,
    hostResolvers: HostResolvers,
  ): Promise<Sockets> {
    const { host, port, clock, log } = this.#setting;
    const upstreams = this.#setting.upstreams ?? (() => hostResolvers.upstreams());
    const [{ Answerer }, { Clients }, { Forwarder }, sockets] = await Promise.all([
      import('./answerer.ts'),
      import('./clients.ts'),
      import('./forwarder.ts'),
      import('./sockets.ts'),
    ]);
    const answerer = new Answerer({
      state,
      clients: new Clients({ ...clients, clock, bridgeSubnet: () => this.bridgeSubnet }),
      forwarder: new Forwarder({ upstreams, clock }),
      random: () => Math.random(),
      clock,
    });
    const answer: AnswerMessage = (...question) => answerer.answer(...question);
    return sockets.Sockets.open({ host, port, log, answer });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#listening;
    await this.#sockets?.close();
    this.#sockets = undefined;
  }
}
