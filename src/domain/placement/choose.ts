import { noValue } from './attribute-column.ts';
import { tasksOfValue, type Choice } from './choice.ts';
import { chooseByLooking } from './choose-by-looking.ts';
import type { Part } from './ordering.ts';
import { withoutTasksOf } from './placement-plan.ts';

/**
 * The slot of the instance that a strategy likes best of those that fit; -1 if none does. Among
 * equals it is any, at random where the strategy does not pack, else the one with the lowest slot.
 */
export function choose(choice: Choice): number {
  let { parts } = choice.ordering;
  while (parts.length > 0) {
    const best = bestParts(choice, parts);
    const slot = chooseWithin(choice, best);
    if (slot >= 0) return slot;
    parts = parts.filter((part) => !best.includes(part));
  }
  return -1;
}

type Test = (slot: number) => boolean;

/** The parts, all equally good, that come first by the attributes that are spread over. */
function bestParts({ plan, group }: Choice, parts: readonly Part[]): readonly Part[] {
  if (parts.length === 1) return parts;
  const counts = plan.attributes.map((attribute) => group.countsOf(attribute));
  let best: Part[] = [];
  for (const part of parts) {
    const [first] = best;
    const difference = first === undefined ? 0 : compareParts(part, first, counts);
    if (difference < 0) best = [part];
    else if (difference === 0) best.push(part);
  }
  return best;
}

function compareParts(a: Part, b: Part, counts: readonly (readonly number[])[]): number {
  for (let i = 0; i < counts.length; i++) {
    const byValue = counts[i] ?? [];
    const left = tasksOfValue(byValue, a.values[i] ?? noValue);
    const right = tasksOfValue(byValue, b.values[i] ?? noValue);
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function chooseWithin(choice: Choice, parts: readonly Part[]): number {
  const { plan, ordering, group } = choice;
  if (plan.form.rest.length > 0) return chooseByLooking(choice, slotsOf(parts));
  if (!plan.countsTasks || ordering.form.group) return chooseOrdered(choice, parts, plan.fits);
  // Most instances have no task of the group; then comes what few others there are.
  const unused = chooseOrdered(choice, parts, withoutTasksOf(group, plan.fits));
  if (unused >= 0 || plan.spec.distinctInstance) return unused;
  return chooseByLooking(choice, slotsWithin(choice, parts));
}

function* slotsOf(parts: readonly Part[]): Iterable<number> {
  for (const { blocks } of parts) yield* blocks;
}

/** The instances of the parts that have tasks of the group. */
function* slotsWithin({ ordering, group }: Choice, parts: readonly Part[]): Iterable<number> {
  for (const slot of group.slots) {
    const part = ordering.parts[ordering.partOf(slot)];
    if (part && parts.includes(part)) yield slot;
  }
}

/** The best by what the ordering goes by, which is what else the strategy asks. */
function chooseOrdered(choice: Choice, parts: readonly Part[], accept: Test | undefined): number {
  const { ordering, random } = choice;
  const offset = parts.length > 1 ? Math.floor(random() * parts.length) : 0;
  const turned = offset === 0 ? parts : [...parts.slice(offset), ...parts.slice(0, offset)];
  return ordering.isOrdered
    ? chooseFirst(choice, turned, accept)
    : chooseAny(choice, turned, accept);
}

function chooseAny(
  { plan, random }: Choice,
  parts: readonly Part[],
  accept: Test | undefined,
): number {
  for (const { blocks } of parts) {
    const slot = blocks.any(random, plan.spec.requirements, accept);
    if (slot >= 0) return slot;
  }
  return -1;
}

function chooseFirst(
  { plan, ordering, group }: Choice,
  parts: readonly Part[],
  accept: Test | undefined,
): number {
  const { requirements, distinctInstance } = plan.spec;
  const lowestKey = ordering.lowestKey(requirements);
  let best = -1;
  for (const { blocks } of parts) {
    const slot = blocks.first(lowestKey, requirements, accept);
    const isBetter = best < 0 || ordering.keyOf(slot) < ordering.keyOf(best);
    if (slot >= 0 && isBetter) best = slot;
  }
  // Where the first by the tasks of the group has one, all have.
  return best >= 0 && distinctInstance && group.has(best) ? -1 : best;
}
