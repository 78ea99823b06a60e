import type { ServiceArn } from '../domain/arn.ts';
import type { DiscoveryService } from '../domain/cloud-map/discovery-service.ts';
import { connectionsOf, endpointService } from '../domain/service-connect/endpoint-services.ts';
import type { RecordKey, State, Transaction } from '../state/state.ts';
import type { ReadonlyTables } from '../state/tables.ts';
import type { Clock } from '../support/clock.ts';
import { settled, type Controller, type Next } from './controller.ts';

/**
 * Keeps the services of Cloud Map that stand for the endpoints of Service Connect for as long as a deployment needs
 * them. CreateService and UpdateService make them; those of an older release, or of a deployment that returns, are
 * made here.
 */
export class EndpointServiceController implements Controller {
  readonly name = 'endpoint-service';
  readonly #state: State;
  readonly #clock: Clock;

  constructor({ state, clock }: { readonly state: State; readonly clock: Clock }) {
    this.#state = state;
    this.#clock = clock;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'service' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    const { services, discoveryServices } = this.#state.read;
    for (const service of services.values()) {
      if (connectionsOf(service).length > 0) yield service.arn;
    }
    for (const { ownerServiceArn } of discoveryServices.values()) {
      if (ownerServiceArn !== undefined) yield ownerServiceArn;
    }
  }

  reconcile(serviceArn: ServiceArn): Next {
    if (isAsItMustBe(this.#state.read, serviceArn)) return settled;
    this.#state.transact((tx) => {
      for (const service of superfluous(tx, serviceArn)) remove(tx, service);
      for (const service of missing(tx, serviceArn, this.#clock.now())) {
        tx.discoveryServices.put(service);
      }
    });
    return settled;
  }
}

function isAsItMustBe(tables: ReadonlyTables, serviceArn: ServiceArn): boolean {
  return (
    superfluous(tables, serviceArn).length === 0 && missing(tables, serviceArn, 0).length === 0
  );
}

function superfluous(
  { services, discoveryServices }: ReadonlyTables,
  serviceArn: ServiceArn,
): readonly DiscoveryService[] {
  const connections = connectionsOf(services.findByArn(serviceArn));
  const needed = connections.flatMap(({ endpoints }) => endpoints.map((one) => one.discoveryArn));
  return [...discoveryServices.ownedBy(serviceArn)].filter(({ arn }) => !needed.includes(arn));
}

/** A name that somebody else has taken meanwhile stays theirs. */
function missing(
  { services, namespaces, discoveryServices }: ReadonlyTables,
  serviceArn: ServiceArn,
  now: number,
): readonly DiscoveryService[] {
  return connectionsOf(services.findByArn(serviceArn)).flatMap(({ namespaceArn, endpoints }) => {
    const namespace = namespaces.findByArn(namespaceArn);
    if (!namespace) return [];
    return endpoints
      .filter(({ discoveryName }) => !discoveryServices.findByName(namespaceArn, discoveryName))
      .map((one) => endpointService(one, { namespace, ownerServiceArn: serviceArn, now }));
  });
}

function remove(tx: Transaction, service: DiscoveryService): void {
  const instances = [...tx.discoveryInstances.ofService(service.arn, undefined)];
  for (const instance of instances) tx.discoveryInstances.delete(instance);
  tx.discoveryServices.delete(service);
}
