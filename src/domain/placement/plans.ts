import { AttributeColumn } from './attribute-column.ts';
import { ConstraintBits } from './constraint-bits.ts';
import { Eligibility, eligibilityKey } from './eligibility.ts';
import type { Group } from './group.ts';
import type { InstanceTable } from './instance-table.ts';
import type { Ordering } from './ordering.ts';
import { Orderings } from './orderings.ts';
import { otherResourcesTest, type PlacementPlan } from './placement-plan.ts';
import type { PlacementSpec } from './placement-spec.ts';
import { strategyForm } from './placement-strategy.ts';

/** Beyond this many constraints, attributes or kinds of eligibility, all is worked out anew. */
const mostShared = 1024;
/** A smaller group is quicker looked through than given an ordering of its own. */
const smallGroup = 32;

/**
 * What is worked out from specifications, shared between those that have something in common, and
 * kept up with the changes of instances and tasks.
 */
export class Plans {
  readonly #table: InstanceTable;
  readonly #orderings: Orderings;
  readonly #constraints = new Map<string, ConstraintBits>();
  readonly #eligibilities = new Map<string, Eligibility>();
  readonly #attributes = new Map<string, AttributeColumn>();
  readonly #onReset: () => void;
  #plans = new WeakMap<PlacementSpec, PlacementPlan>();
  /** Those of the constraints that a task's coming or going can change. */
  #taskConstraints: readonly ConstraintBits[] = [];

  /** @param onReset told when attributes have been forgotten with all the rest */
  constructor(table: InstanceTable, onReset: () => void) {
    this.#table = table;
    this.#onReset = onReset;
    this.#orderings = new Orderings(table);
  }

  plan(spec: PlacementSpec): PlacementPlan {
    const known = this.#plans.get(spec);
    if (known) return known;
    this.#makeRoom();
    const plan = this.#work(spec);
    this.#plans.set(spec, plan);
    return plan;
  }

  /**
   * The ordering to search for a plan. Where a group has tasks on most of the instances, it is one
   * that goes by their number; else one for all groups, in which few instances are passed over.
   */
  ordering(plan: PlacementPlan, group: Group): Ordering {
    const { eligibility, attributes, form } = plan;
    const { packed, rest } = form;
    const shared = this.#orderings.settled(plan.ordering, () => {
      return { eligibility, attributes, packed, group: undefined };
    });
    plan.ordering = shared;
    const isLarge = group.instanceCount > smallGroup && group.instanceCount * 2 > shared.size;
    // With the tasks in front, a key has room for one resource.
    const hasOwn = plan.countsTasks && isLarge && rest.length === 0 && packed.length < 2;
    if (!hasOwn) return shared;
    plan.groupOrdering = this.#orderings.settled(plan.groupOrdering, () => {
      return { eligibility, attributes, packed, group };
    });
    return plan.groupOrdering;
  }

  /** A task of a group has come, or is no longer wanted; or another number of tasks runs. */
  tasksChanged(slot: number, group: Group | undefined): void {
    for (const constraint of this.#taskConstraints) constraint.forget(slot);
    this.#orderings.tasksChanged(slot, group);
  }

  /** A task has given its resources back. */
  released(slot: number): void {
    this.tasksChanged(slot, undefined);
    this.#orderings.released(slot);
  }

  /** An instance has come, gone or changed; gives whether it has another value of an attribute. */
  instanceChanged(slot: number): boolean {
    let hasMoved = false;
    for (const attribute of this.#attributes.values()) {
      if (attribute.refresh(slot)) hasMoved = true;
    }
    for (const constraint of this.#constraints.values()) constraint.forget(slot);
    this.#orderings.instanceChanged(slot);
    return hasMoved;
  }

  groupEnded(group: Group): void {
    this.#orderings.groupEnded(group);
  }

  /** Forgets all, as when the table's columns have been made anew. */
  reset(): void {
    this.#plans = new WeakMap();
    this.#constraints.clear();
    this.#eligibilities.clear();
    this.#taskConstraints = [];
    this.#attributes.clear();
    this.#orderings.clear();
    this.#onReset();
  }

  #makeRoom(): void {
    const sizes = [this.#constraints.size, this.#eligibilities.size, this.#attributes.size];
    if (Math.max(...sizes) >= mostShared) this.reset();
  }

  #work(spec: PlacementSpec): PlacementPlan {
    const form = strategyForm(spec.strategy);
    const inRest = form.rest.flatMap((rule) =>
      rule.type === 'spread' && rule.attribute !== undefined ? [rule.attribute] : [],
    );
    return {
      spec,
      form,
      eligibility: this.#eligibility(spec),
      attributes: form.attributes.map((name) => this.#attribute(name)),
      restAttributes: new Map(inRest.map((name) => [name, this.#attribute(name)])),
      countsTasks: form.spreadsInstances || spec.distinctInstance,
      fits: otherResourcesTest(spec, this.#table),
      ordering: undefined,
      groupOrdering: undefined,
    };
  }

  #eligibility(spec: PlacementSpec): Eligibility {
    const key = eligibilityKey(spec);
    const known = this.#eligibilities.get(key);
    if (known) return known;
    const constraints = spec.memberOf.map((expression) => this.#constraint(expression));
    const eligibility = new Eligibility(key, spec, constraints, this.#table);
    this.#eligibilities.set(key, eligibility);
    return eligibility;
  }

  #constraint(expression: string): ConstraintBits {
    const known = this.#constraints.get(expression);
    if (known) return known;
    const constraint = new ConstraintBits(expression, this.#table);
    this.#constraints.set(expression, constraint);
    if (constraint.dependsOnTasks) this.#taskConstraints = [...this.#taskConstraints, constraint];
    return constraint;
  }

  #attribute(name: string): AttributeColumn {
    const known = this.#attributes.get(name);
    if (known) return known;
    const attribute = new AttributeColumn(name, this.#table);
    this.#attributes.set(name, attribute);
    return attribute;
  }
}
