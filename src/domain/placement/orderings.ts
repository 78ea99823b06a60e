import type { Group } from './group.ts';
import type { InstanceTable } from './instance-table.ts';
import { Ordering, type OrderingForm } from './ordering.ts';

/** Beyond this many, the ordering that has not been used for longest is given up. */
const mostOrderings = 256;

/** The orderings in use, shared by specifications that ask for the same one. */
export class Orderings {
  readonly #table: InstanceTable;
  readonly #byKey = new Map<string, Ordering>();
  /** Those that a task's coming can change, before it gives its resources back. */
  #followers: readonly Ordering[] = [];
  #uses = 0;

  constructor(table: InstanceTable) {
    this.#table = table;
  }

  /** Gives `known` if it is still kept up, else the ordering of the form; settled in either case. */
  settled(known: Ordering | undefined, form: () => OrderingForm): Ordering {
    const ordering = known && !known.isGivenUp ? known : this.#find(form());
    ordering.lastUse = this.#uses++;
    ordering.settle();
    return ordering;
  }

  tasksChanged(slot: number, group: Group | undefined): void {
    for (const ordering of this.#followers) {
      const { eligibility, group: own } = ordering.form;
      const isMoved = ordering.followsResources || (own !== undefined && own === group);
      if (isMoved || eligibility.dependsOnTasks) ordering.rekey(slot);
    }
  }

  /** An instance fits where it did not: every ordering knows how much is left at most. */
  released(slot: number): void {
    for (const ordering of this.#byKey.values()) ordering.rekey(slot);
  }

  instanceChanged(slot: number): void {
    for (const ordering of this.#byKey.values()) ordering.requalify(slot);
  }

  groupEnded(group: Group): void {
    for (const [key, ordering] of this.#byKey) {
      if (ordering.form.group === group) this.#giveUp(key, ordering);
    }
  }

  clear(): void {
    for (const [key, ordering] of this.#byKey) this.#giveUp(key, ordering);
  }

  #find(form: OrderingForm): Ordering {
    const key = keyOf(form);
    const known = this.#byKey.get(key);
    if (known) return known;
    if (this.#byKey.size >= mostOrderings) this.#giveUpOldest();
    const ordering = new Ordering(form, this.#table);
    this.#byKey.set(key, ordering);
    this.#findFollowers();
    return ordering;
  }

  #giveUpOldest(): void {
    const byAge = [...this.#byKey].toSorted(([, a], [, b]) => a.lastUse - b.lastUse);
    const [oldest] = byAge;
    if (oldest) this.#giveUp(...oldest);
  }

  #giveUp(key: string, ordering: Ordering): void {
    ordering.isGivenUp = true;
    this.#byKey.delete(key);
    this.#findFollowers();
  }

  #findFollowers(): void {
    this.#followers = [...this.#byKey.values()].filter(
      ({ followsResources, form }) =>
        followsResources || form.group !== undefined || form.eligibility.dependsOnTasks,
    );
  }
}

function keyOf({ eligibility, attributes, packed, group }: OrderingForm): string {
  const names = attributes.map(({ name }) => name);
  return JSON.stringify([eligibility.key, names, packed, group?.name ?? null]);
}
