import { proxyStopSeconds, type ProxyConfig } from '../domain/service-connect/proxy-config.ts';
import type { Clock, Timer } from '../support/clock.ts';
import { accessLine, type Access } from './access-log.ts';
import { HttpListener } from './http-listener.ts';
import { Http2Listener } from './http2-listener.ts';
import type { Listener, Surroundings } from './passage.ts';
import { routesOf, type Route } from './route.ts';
import { TcpListener } from './tcp-listener.ts';

export interface ProxySetting {
  readonly clock: Clock;
  readonly random: () => number;
  /** Where it listens at the addresses of aliases; undefined for the aliases' own ports. */
  readonly egressPort: number | undefined;
  /** Takes lines of access logs, with their ends. */
  readonly write: (line: string) => void;
  readonly log: (level: 'info' | 'debug' | 'error', message: string) => void;
  /** Told whenever it begins or ceases to listen everywhere that it is to. */
  readonly onHealth: (isHealthy: boolean) => void;
}

/** A place that cannot be listened on is tried again after this. */
const listenAgainMs = 1_000;

interface Open {
  readonly route: Route;
  readonly listener: Listener;
}

/** All that the proxy of a task does, as its configuration says. */
export class Proxy {
  readonly #setting: ProxySetting;
  readonly #surroundings: Surroundings;
  readonly #open = new Map<string, Open>();
  /** What is listened on no more, until what was begun there has ended. */
  readonly #closing = new Map<Listener, Promise<void>>();
  #config: ProxyConfig | undefined;
  #applying: Promise<void> = Promise.resolve();
  #again: Timer | undefined;
  #isHealthy = false;
  #isStopping = false;

  constructor(setting: ProxySetting) {
    this.#setting = setting;
    const { clock, random } = setting;
    this.#surroundings = { clock, random, report: (access) => this.#report(access) };
  }

  /** Goes over to a configuration; connections to endpoints that remain are not touched. */
  apply(config: ProxyConfig): Promise<void> {
    this.#applying = this.#applying.then(() => this.#goOver(config));
    return this.#applying;
  }

  /** Takes nothing that comes in, lets what there is end, then closes. Nothing is left after the time. */
  async stop(): Promise<void> {
    await this.#applying;
    this.#isStopping = true;
    this.#again?.cancel();
    this.#setHealth(false);
    const { clock } = this.#setting;
    const all = [...[...this.#open.values()].map((open) => open.listener), ...this.#closing.keys()];
    const cut = () => {
      for (const listener of all) listener.cut();
    };
    const bound = clock.at(clock.now() + proxyStopSeconds * 1000, cut);
    await Promise.all(this.#closeAll('ingress'));
    await Promise.all(this.#closeAll('egress'));
    await Promise.all(this.#closing.values());
    bound.cancel();
  }

  #closeAll(direction: Route['direction']): Promise<void>[] {
    return [...this.#open.values()]
      .filter(({ route }) => route.direction === direction)
      .map(({ listener }) => listener.close());
  }

  async #goOver(config: ProxyConfig): Promise<void> {
    if (this.#isStopping) return;
    this.#config = config;
    this.#again?.cancel();
    const routes = routesOf(config, this.#setting.egressPort);
    this.#closeOthers(new Set(routes.map(({ key }) => key)));
    const reached = await Promise.all(routes.map((route) => this.#reach(route)));
    const isHealthy = reached.every(Boolean);
    this.#setHealth(isHealthy);
    if (isHealthy) return;
    const { clock } = this.#setting;
    this.#again = clock.at(clock.now() + listenAgainMs, () => void this.apply(config));
  }

  #closeOthers(wanted: ReadonlySet<string>): void {
    for (const [key, { listener }] of this.#open) {
      if (wanted.has(key)) continue;
      this.#open.delete(key);
      this.#setting.log('info', `no longer listening: ${key}`);
      const closed = listener.close().finally(() => this.#closing.delete(listener));
      this.#closing.set(listener, closed);
    }
  }

  async #reach(route: Route): Promise<boolean> {
    const open = this.#open.get(route.key);
    if (open) {
      open.listener.update(route);
      this.#open.set(route.key, { route, listener: open.listener });
      this.#setting.log('debug', `${route.key}: ${route.endpoints.length} endpoint(s)`);
      return true;
    }
    const listener = this.#listenerOf(route);
    try {
      await listener.listen();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#setting.log('error', `cannot listen: ${route.key}: ${reason}`);
      return false;
    }
    this.#open.set(route.key, { route, listener });
    this.#setting.log('info', `listening: ${route.key}`);
    return true;
  }

  #listenerOf(route: Route): Listener {
    switch (route.protocol) {
      case 'http':
        return new HttpListener(route, this.#surroundings);
      case 'http2':
      case 'grpc':
        return new Http2Listener(route, this.#surroundings);
      case 'tcp':
        return new TcpListener(route, this.#surroundings);
    }
  }

  #setHealth(isHealthy: boolean): void {
    if (isHealthy === this.#isHealthy) return;
    this.#isHealthy = isHealthy;
    this.#setting.onHealth(isHealthy);
  }

  #report(access: Access): void {
    const { accessLog } = this.#config ?? {};
    if (accessLog) this.#setting.write(accessLine(access, accessLog));
  }
}
