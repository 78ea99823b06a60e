import { Agent } from 'node:http';
import type { ProxyEndpoint } from '../domain/service-connect/proxy-config.ts';

/** Of connections to an endpoint: Envoy's bound, and how many wait for a next request. */
const mostToEndpoint = 1_024;
const mostFree = 64;

/** Connections to endpoints, which carry one request after the other. */
export class Pool {
  readonly #agents = new Map<ProxyEndpoint, Agent>();

  agentFor(endpoint: ProxyEndpoint, idleMs: number): Agent {
    const known = this.#agents.get(endpoint);
    if (known) return known;
    const agent = new Agent({
      keepAlive: true,
      maxSockets: mostToEndpoint,
      maxFreeSockets: mostFree,
      scheduling: 'lifo',
      ...(idleMs === 0 ? {} : { timeout: idleMs }),
    });
    this.#agents.set(endpoint, agent);
    return agent;
  }

  /** Requests that are on their way to other endpoints end there; nothing new goes to them. */
  retain(endpoints: readonly ProxyEndpoint[]): void {
    for (const [endpoint, agent] of this.#agents) {
      if (endpoints.includes(endpoint)) continue;
      this.#agents.delete(endpoint);
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) socket.destroy();
      }
    }
  }
}
