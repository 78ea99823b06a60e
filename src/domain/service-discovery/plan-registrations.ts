import { lastPathElement } from '../arn.ts';
import { CloudMapError } from '../cloud-map/cloud-map-error.ts';
import {
  registeredInstance,
  withCustomHealth,
  type DiscoveryInstance,
} from '../cloud-map/discovery-instance.ts';
import type { DiscoveryService } from '../cloud-map/discovery-service.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import type { Instant } from '../instant.ts';
import { withoutRepeats } from '../service/service-events.ts';
import { messages, type Telling } from '../service/service-messages.ts';
import type { AnyService } from '../service/service.ts';
import type { Task } from '../task/task.ts';
import { addressOf, instanceOfTask, registeredOf } from './instance-of-task.ts';
import type { Registered, ServiceRegistry } from './service-registry.ts';
import { activatedTask, deactivatedTask, registrationDue } from './task-registration.ts';

/** A task, and what there is around it. */
export interface ObservedRegistration {
  readonly task: Task;
  /** Its service of Cloud Map; absent where that is gone. */
  readonly discoveryService: DiscoveryService | undefined;
  /** What that has of the task. */
  readonly instance: DiscoveryInstance | undefined;
  /** The container instance that it is on; absent on FARGATE. */
  readonly host: ContainerInstance | undefined;
  readonly taskSetExternalId: string | undefined;
}

/** What becomes of a task and of its instance in Cloud Map. */
export interface PlannedRegistration {
  readonly task: Task;
  readonly registryArn: string;
  readonly outcome: RegistrationOutcome;
}

export type RegistrationOutcome =
  | { readonly kind: 'Registered'; readonly instance: DiscoveryInstance }
  | {
      readonly kind: 'Updated';
      readonly instance: DiscoveryInstance;
      /** Whether it is found elsewhere than before. */
      readonly hasMoved: boolean;
      readonly hasBecomeUnhealthy: boolean;
    }
  /** There is nothing of it in Cloud Map any more, or it is to be deleted. */
  | { readonly kind: 'Deregistered'; readonly instance: DiscoveryInstance | undefined }
  /** Somebody else has deregistered it: ECS leaves it at that. */
  | { readonly kind: 'Missing' }
  | { readonly kind: 'Failed'; readonly error: string };

/** Decides what Cloud Map is to be told of a task; undefined where it knows all. Repeating it changes nothing. */
export function planRegistration(
  observed: ObservedRegistration,
  now: Instant,
): PlannedRegistration | undefined {
  const { task, instance } = observed;
  const due = registrationDue(task);
  if (!due) return undefined;
  const { registryArn } = due.registry;
  switch (due.kind) {
    case 'Register':
      return { registryArn, ...register(observed, due.registry, now) };
    case 'Update':
      return { registryArn, ...update(observed, due.registry, now) };
    case 'Deregister':
      return {
        registryArn,
        task: deactivatedTask(task),
        outcome: { kind: 'Deregistered', instance },
      };
  }
}

type Change = Pick<PlannedRegistration, 'task' | 'outcome'>;

function register(observed: ObservedRegistration, registry: ServiceRegistry, now: Instant): Change {
  const { task } = observed;
  const registered = registeredOf(task, registry);
  const made = makeInstance(observed, registered, now);
  if (typeof made === 'string') {
    const running = activatedTask(task, undefined, now);
    return { task: running, outcome: { kind: 'Failed', error: made } };
  }
  const running = activatedTask(task, registered, now);
  return { task: running, outcome: { kind: 'Registered', instance: made } };
}

function update(observed: ObservedRegistration, registry: ServiceRegistry, now: Instant): Change {
  const { discoveryService, instance, task } = observed;
  const registered = registeredOf(task, registry);
  const told: Task = { ...task, registered };
  if (!discoveryService || !instance) return { task: told, outcome: { kind: 'Missing' } };
  const hasMoved = isMoved(task, registered);
  const moved = hasMoved ? makeInstance(observed, registered, now) : instance;
  if (typeof moved === 'string') return { task: told, outcome: { kind: 'Failed', error: moved } };
  if (!discoveryService.customHealthCheck) {
    const outcome = { kind: 'Updated', instance: moved, hasMoved } as const;
    return { task: told, outcome: { ...outcome, hasBecomeUnhealthy: false } };
  }
  const hasBecomeUnhealthy =
    registered.health === 'UNHEALTHY' && task.registered?.health === 'HEALTHY';
  const changed = withCustomHealth(discoveryService, moved, registered.health);
  const outcome = { kind: 'Updated', instance: changed, hasMoved, hasBecomeUnhealthy } as const;
  return { task: told, outcome };
}

/** A container that was started anew may have been given another port. */
function isMoved(task: Task, { port }: Registered): boolean {
  return task.registered?.port !== port;
}

/** @returns why there cannot be one, where there cannot */
function makeInstance(
  observed: ObservedRegistration,
  registered: Registered,
  now: Instant,
): DiscoveryInstance | string {
  const { discoveryService, instance: before, task } = observed;
  if (!discoveryService) return 'Service not found.';
  const obstacle = obstacleTo(observed, registered);
  if (obstacle !== undefined) return obstacle;
  try {
    const spec = instanceOfTask(task, registered, observed);
    return registeredInstance(discoveryService, spec, { before, now });
  } catch (error) {
    if (error instanceof CloudMapError) return error.message;
    throw error;
  }
}

/** Where there are no records to make, Cloud Map would take an instance that nobody can reach. */
function obstacleTo(
  { task, host }: ObservedRegistration,
  { port }: Registered,
): string | undefined {
  const wantsPort = task.serviceRegistry?.containerPort !== undefined;
  if (addressOf(task, host) === undefined) {
    return 'The address of the container instance is unknown.';
  }
  return wantsPort && port === undefined ? 'The port of the container is unknown.' : undefined;
}

/** What a service tells of its tasks' registrations: of those in one registry once, of what fails not again and again. */
export function tellingsOf(
  service: AnyService,
  planned: readonly PlannedRegistration[],
  now: Instant,
): readonly Telling[] {
  const registries = [...new Set(planned.map(({ registryArn }) => registryArn))];
  return registries.flatMap((arn) => {
    const outcomes = planned.filter(({ registryArn }) => registryArn === arn);
    const count = (kind: 'Registered' | 'Deregistered') =>
      outcomes.filter(({ outcome }) => outcome.kind === kind && outcome.instance).length;
    const errors = new Set(
      outcomes.flatMap(({ outcome }) => (outcome.kind === 'Failed' ? outcome.error : [])),
    );
    const failures = [...errors].map((error) => messages.notRegistered(arn, error));
    const unhealthy = outcomes.filter(
      ({ outcome }) => outcome.kind === 'Updated' && outcome.hasBecomeUnhealthy,
    );
    return [
      ...(count('Registered') > 0 ? [messages.registered(count('Registered'), arn)] : []),
      ...withoutRepeats(service, failures, now),
      ...unhealthy.map(({ task }) => messages.unhealthyInRegistry(task, arn)),
      ...(count('Deregistered') > 0 ? [messages.deregistered(count('Deregistered'), arn)] : []),
    ];
  });
}

/** The instance of a task is called as the task is. */
export function instanceIdOf({ arn }: Task): string {
  return lastPathElement(arn);
}
