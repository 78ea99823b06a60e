import type {
  RegisterScalableTargetRequest,
  RegisterScalableTargetResponse,
} from '@aws-sdk/client-application-auto-scaling';
import { scopeOfArn, type ServiceArn } from '../../domain/arn.ts';
import { parseResource, resourceIdOf } from '../../domain/scaling/resource.ts';
import { registeredTarget } from '../../domain/scaling/scalable-target.ts';
import {
  limitExceeded,
  noSuchService,
  scalingValidation,
} from '../../domain/scaling/scaling-error.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { ScalingContext } from './scaling-context.ts';
import { parseScalingTags } from './scaling-tags.ts';

/** Application Auto Scaling's own quota for services of ECS. */
const mostTargets = 3000;

export function registerScalableTarget(
  input: RegisterScalableTargetRequest,
  { state, scope, now, newUuid }: ScalingContext,
): RegisterScalableTargetResponse {
  const serviceArn = parseResource(scope, input);
  const tags = parseScalingTags(input.Tags);
  const newArn = () => targetArn(serviceArn, newUuid());

  const target = state.transact((tx) => {
    requireScalable(tx, serviceArn);
    const before = tx.scalableTargets.find(serviceArn);
    if (!before && tx.scalableTargets.countIn(scope) >= mostTargets) {
      throw limitExceeded('scalable targets', mostTargets);
    }
    const registration = { serviceArn, before, now, newArn, tags: before?.tags ?? tags };
    const registered = registeredTarget(input, registration);
    tx.scalableTargets.put(registered);
    return registered;
  });

  return { ScalableTargetARN: target.arn };
}

function requireScalable({ services }: ReadonlyTables, serviceArn: ServiceArn): void {
  const service = services.findByArn(serviceArn);
  if (service?.status !== 'ACTIVE') throw noSuchService(resourceIdOf(serviceArn));
  if (service.schedulingStrategy === 'DAEMON') throw notForDaemons();
}

function targetArn(serviceArn: ServiceArn, uuid: string): string {
  const { partition, region, accountId } = scopeOfArn(serviceArn);
  const id = `0ec5${uuid.replaceAll('-', '')}`;
  return `arn:${partition}:application-autoscaling:${region}:${accountId}:scalable-target/${id}`;
}

/** [inferred text] */
function notForDaemons(): Error {
  return scalingValidation(
    'ECS services with the scheduling strategy DAEMON have no desired count to be scaled',
  );
}
