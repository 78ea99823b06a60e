import type { Instant } from '../instant.ts';
import { primaryOf, type Deployment, type Service } from './service.ts';
import { deletedServiceNotFound, scaledAboveZero } from './service-errors.ts';

/**
 * The first step of a deletion; the scheduler stops the tasks.
 * @throws EcsError
 */
export function deletedService(service: Service, force: boolean, now: Instant): Service {
  if (service.status === 'INACTIVE') throw deletedServiceNotFound();
  if (service.status === 'DRAINING') return service;
  const isDaemon = service.schedulingStrategy === 'DAEMON';
  if (service.desiredCount > 0 && !force && !isDaemon) throw scaledAboveZero();
  const [primary, ...former] = service.deployments;
  return {
    ...service,
    status: 'DRAINING',
    desiredCount: 0,
    deployments: [
      { ...primary, desiredCount: 0, updatedAt: now },
      ...former.map((deployment): Deployment => ({
        ...deployment,
        status: 'DRAINING',
        desiredCount: 0,
        updatedAt: now,
      })),
    ],
  };
}

/** The end of a service's life; it can still be described for a while, without its events. */
export function inactiveService(service: Service, now: Instant): Service {
  const { steadyAt: _, ...rest } = service;
  return {
    ...rest,
    status: 'INACTIVE',
    events: [],
    tags: [],
    deployments: [completedDeployment(primaryOf(service), now)],
    inactiveAt: now,
  };
}

export function completedDeployment(deployment: Deployment, now: Instant): Deployment {
  if (deployment.rolloutState === 'COMPLETED') return deployment;
  return {
    ...deployment,
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${deployment.id} completed.`,
    updatedAt: now,
  };
}
