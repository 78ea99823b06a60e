import { scopeKey, scopeOfArn, type ContainerInstanceArn } from '../../domain/arn.ts';

/** Where the agents that are connected come from. */
export class AgentAddresses {
  readonly #addresses = new Map<ContainerInstanceArn, string>();
  readonly #instances = new Map<string, Set<ContainerInstanceArn>>();

  add(arn: ContainerInstanceArn, address: string | undefined): void {
    this.remove(arn);
    if (address === undefined) return;
    const instances = this.#instances.get(address) ?? new Set();
    this.#instances.set(address, instances.add(arn));
    this.#addresses.set(arn, address);
  }

  remove(arn: ContainerInstanceArn): void {
    const address = this.#addresses.get(arn);
    if (address === undefined) return;
    this.#addresses.delete(arn);
    const instances = this.#instances.get(address);
    instances?.delete(arn);
    if (instances?.size === 0) this.#instances.delete(address);
  }

  /**
   * The account and region of the instances at an address, as `scopeKey` gives them; undefined where there are none, or
   * some of several.
   */
  scopeAt(address: string): string | undefined {
    const instances = [...(this.#instances.get(address) ?? [])];
    const scopes = new Set(instances.map((arn) => scopeKey(scopeOfArn(arn))));
    const [scope] = scopes;
    return scopes.size === 1 ? scope : undefined;
  }
}
