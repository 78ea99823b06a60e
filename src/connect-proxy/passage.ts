import type { Clock } from '../support/clock.ts';
import type { Access } from './access-log.ts';
import { Balancer } from './balancer.ts';
import type { Route } from './route.ts';

export interface Surroundings {
  readonly clock: Clock;
  /** Of what has come to its end. */
  readonly report: (access: Access) => void;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** An endpoint that does not take a connection within this is not there. */
export const connectMs = 5_000;

/** More than these at once wait, or are not taken: what a proxy needs of memory has a bound. */
export const mostConnections = 4_096;

/** What comes in at a place, on its way: where it goes at the moment, and how the endpoints there have done. */
export class Passage {
  readonly clock: Clock;
  readonly report: Surroundings['report'];
  readonly balancer: Balancer;
  #route: Route;

  constructor(route: Route, { clock, report, random }: Surroundings) {
    this.clock = clock;
    this.report = report;
    this.#route = route;
    this.balancer = new Balancer(clock, Math.floor(random() * route.endpoints.length));
    this.balancer.update(route.endpoints);
  }

  get route(): Route {
    return this.#route;
  }

  set route(route: Route) {
    this.#route = route;
    this.balancer.update(route.endpoints);
  }
}

/** What takes connections at a place. */
export interface Listener {
  /**
   * Resolves with the port, once it is listened on.
   * @throws the system's error where the place is taken
   */
  listen(): Promise<number>;
  update(route: Route): void;
  /** Takes no more connections. Resolves when those that there are have ended. */
  close(): Promise<void>;
  /** Ends them. */
  cut(): void;
}
