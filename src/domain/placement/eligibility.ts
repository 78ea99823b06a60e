import {
  availabilityZoneAttribute,
  externalCapability,
  type ContainerInstance,
} from '../container-instance/container-instance.ts';
import type { ConstraintBits } from './constraint-bits.ts';
import type { InstanceEntry } from './instance-entry.ts';
import type { InstanceTable } from './instance-table.ts';
import type { PlacementSpec } from './placement-spec.ts';
import { platformMismatch } from './platform.ts';

/** The part of a specification that asks nothing of resources or of other tasks of the group. */
export type EligibilitySpec = Pick<
  PlacementSpec,
  | 'requiredAttributes'
  | 'platform'
  | 'memberOf'
  | 'availabilityZones'
  | 'capacityProviderName'
  | 'isExternal'
  | 'isDaemon'
>;

/**
 * What an instance is to a specification. The numbers go by the order of the filters: it is the
 * first that the instance does not pass.
 */
export const verdicts = {
  /** No instance, or one that the task's launch type or capacity provider is not about. */
  outside: 0,
  inactive: 1,
  agent: 2,
  attribute: 3,
  memberOf: 4,
  location: 5,
  eligible: 6,
} as const;
export type Verdict = (typeof verdicts)[keyof typeof verdicts];

/** Two specifications of the same key find the same instances eligible. */
export function eligibilityKey(spec: EligibilitySpec): string {
  const { osType, osFamily, cpuArchitecture } = spec.platform;
  return JSON.stringify([
    spec.requiredAttributes,
    [osType, osFamily, cpuArchitecture],
    spec.memberOf,
    spec.availabilityZones ?? null,
    spec.capacityProviderName ?? null,
    spec.isExternal,
    spec.isDaemon ?? false,
  ]);
}

/** Which container instances a task may go to as far as it depends on them alone. */
export class Eligibility {
  readonly key: string;
  readonly dependsOnTasks: boolean;
  readonly #table: InstanceTable;
  readonly #spec: EligibilitySpec;
  readonly #constraints: readonly ConstraintBits[];

  constructor(
    key: string,
    spec: EligibilitySpec,
    constraints: readonly ConstraintBits[],
    table: InstanceTable,
  ) {
    this.key = key;
    this.#spec = spec;
    this.#constraints = constraints;
    this.#table = table;
    this.dependsOnTasks = constraints.some((constraint) => constraint.dependsOnTasks);
  }

  verdict(slot: number): Verdict {
    const entry = this.#table.entry(slot);
    if (!entry || this.#isOutside(entry)) return verdicts.outside;
    if (!takesTasks(entry.instance, this.#spec)) return verdicts.inactive;
    if (!entry.agentConnected) return verdicts.agent;
    if (this.missingAttribute(entry) !== undefined) return verdicts.attribute;
    if (!this.#constraints.every((constraint) => constraint.holds(slot))) return verdicts.memberOf;
    return this.#isInZone(entry) ? verdicts.eligible : verdicts.location;
  }

  /** Whether an instance would do, if only its agent were connected and it had room. */
  isSuited(slot: number): boolean {
    const entry = this.#table.entry(slot);
    if (!entry || this.#isOutside(entry) || entry.instance.status !== 'ACTIVE') return false;
    if (this.missingAttribute(entry) !== undefined) return false;
    return this.#constraints.every((constraint) => constraint.holds(slot)) && this.#isInZone(entry);
  }

  /** The name of the first attribute that an instance lacks, or has another value of. */
  missingAttribute({ attributes }: InstanceEntry): string | undefined {
    return (
      this.#spec.requiredAttributes.find((name) => !attributes.has(name)) ??
      platformMismatch(attributes, this.#spec.platform)
    );
  }

  #isOutside({ instance, attributes }: InstanceEntry): boolean {
    const { capacityProviderName, isExternal } = this.#spec;
    if (attributes.has(externalCapability) !== isExternal) return true;
    return (
      capacityProviderName !== undefined && instance.capacityProviderName !== capacityProviderName
    );
  }

  #isInZone({ attributes }: InstanceEntry): boolean {
    const { availabilityZones } = this.#spec;
    if (availabilityZones === undefined) return true;
    const zone = attributes.get(availabilityZoneAttribute);
    return zone !== undefined && availabilityZones.includes(zone);
  }
}

/** Daemons come before an instance is ACTIVE, and come back while it drains for their sake. */
export function takesTasks(
  { status, heldBy }: ContainerInstance,
  { isDaemon }: Pick<PlacementSpec, 'isDaemon'>,
): boolean {
  return status === 'ACTIVE' || (isDaemon === true && heldBy !== undefined);
}
