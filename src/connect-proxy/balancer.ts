import type { ProxyEndpoint } from '../domain/service-connect/proxy-config.ts';
import type { Clock } from '../support/clock.ts';

/** Service Connect's outlier detection: so many failures within the window, and an endpoint is left out. */
const mostFailures = 5;
const windowMs = 30_000;
const firstEjectionMs = 30_000;
const longestEjectionMs = 300_000;
/** An endpoint that has done well for this long after an ejection is as good as new. */
const forgivenAfterMs = 300_000;

interface Standing {
  readonly endpoint: ProxyEndpoint;
  /** When it failed, within the window. */
  failures: number[];
  ejections: number;
  ejectedUntil: number;
}

/** Chooses among the endpoints of an alias: in turn, without those that have failed too often of late. */
export class Balancer {
  readonly #clock: Clock;
  #standings: readonly Standing[] = [];
  #next: number;

  /** `first` is where the first turn begins, so that not all clients begin with the same endpoint. */
  constructor(clock: Clock, first: number) {
    this.#clock = clock;
    this.#next = first;
  }

  get endpoints(): readonly ProxyEndpoint[] {
    return this.#standings.map(({ endpoint }) => endpoint);
  }

  /** What is known of an endpoint stays with it for as long as it is where it was. */
  update(endpoints: readonly ProxyEndpoint[]): void {
    const former = this.#standings;
    this.#standings = endpoints.map(
      (endpoint) =>
        former.find((one) => isSame(one.endpoint, endpoint)) ?? {
          endpoint,
          failures: [],
          ejections: 0,
          ejectedUntil: 0,
        },
    );
  }

  /**
   * Whose turn it is, of those that have not been tried. Where all of these are ejected, none is: an
   * endpoint that may fail is better than none.
   */
  pick(tried: ReadonlySet<ProxyEndpoint>): ProxyEndpoint | undefined {
    const now = this.#clock.now();
    const count = this.#standings.length;
    let ejected: ProxyEndpoint | undefined;
    for (let step = 0; step < count; step += 1) {
      const at = (this.#next + step) % count;
      const standing = this.#standings[at];
      if (!standing || tried.has(standing.endpoint)) continue;
      if (standing.ejectedUntil > now) {
        ejected ??= standing.endpoint;
        continue;
      }
      this.#next = (at + 1) % count;
      return standing.endpoint;
    }
    if (ejected) this.#next = (this.#next + 1) % count;
    return ejected;
  }

  hasOther(tried: ReadonlySet<ProxyEndpoint>): boolean {
    return this.#standings.some(({ endpoint }) => !tried.has(endpoint));
  }

  /** A connection that was not made or was reset, or an answer that tells of the same behind the endpoint. */
  failed(endpoint: ProxyEndpoint): void {
    const now = this.#clock.now();
    const standing = this.#standings.find((one) => one.endpoint === endpoint);
    if (!standing || standing.ejectedUntil > now) return;
    standing.failures = [...standing.failures.filter((at) => at > now - windowMs), now];
    if (standing.failures.length < mostFailures) return;
    if (now - standing.ejectedUntil > forgivenAfterMs) standing.ejections = 0;
    standing.ejections += 1;
    standing.failures = [];
    standing.ejectedUntil = now + Math.min(firstEjectionMs * standing.ejections, longestEjectionMs);
  }

  isEjected(endpoint: ProxyEndpoint): boolean {
    const standing = this.#standings.find((one) => one.endpoint === endpoint);
    return standing !== undefined && standing.ejectedUntil > this.#clock.now();
  }
}

function isSame(a: ProxyEndpoint, b: ProxyEndpoint): boolean {
  return a.id === b.id && a.address === b.address && a.port === b.port;
}
