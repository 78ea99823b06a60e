import type { PlacementConstraint, PlacementStrategy } from '@aws-sdk/client-ecs';
import { availabilityZoneAttribute } from '../container-instance/container-instance.ts';
import { invalidParameter } from '../errors.ts';
import type { LaunchType } from '../task/task.ts';
import type { ServiceSettings } from './service.ts';

/** What decides whether a service's tasks may be moved between Availability Zones. */
export interface RebalancingTerms extends Pick<
  ServiceSettings,
  'deploymentConfiguration' | 'placementConstraints' | 'placementStrategy' | 'schedulingStrategy'
> {
  readonly launchType: LaunchType;
}

export type Rebalancing = ServiceSettings['availabilityZoneRebalancing'];

/** [inferred text] */
export function parseRebalancing(given: string | undefined): Rebalancing | undefined {
  if (given === undefined || given === 'ENABLED' || given === 'DISABLED') return given;
  throw invalidParameter('Availability zone rebalancing should be one of [DISABLED,ENABLED]');
}

/**
 * Where nobody asks for it, a service that cannot be rebalanced is made without it.
 * @throws EcsError InvalidParameterException
 */
export function newRebalancing(given: string | undefined, terms: RebalancingTerms): Rebalancing {
  const asked = parseRebalancing(given);
  if (asked === 'ENABLED') checkRebalancing(terms, 'created');
  return asked ?? (obstacleOf(terms) === undefined ? 'ENABLED' : 'DISABLED');
}

/** @throws EcsError InvalidParameterException */
export function checkRebalancing(terms: RebalancingTerms, done: 'created' | 'updated'): void {
  const obstacle = obstacleOf(terms);
  if (obstacle === undefined) return;
  throw invalidParameter(
    `The service couldn't be ${done} because Availability Zone Rebalancing does not support ${obstacle}`,
  );
}

/** Only the first text is recorded to its end; the last three are [inferred]. */
function obstacleOf(terms: RebalancingTerms): string | undefined {
  const { maximumPercent } = terms.deploymentConfiguration;
  if (terms.schedulingStrategy === 'DAEMON') return 'DAEMON services';
  if (maximumPercent <= 100) {
    return (
      'maximumPercent <= 100 % as deployment configuration. Update deployment configuration and ' +
      'try again.'
    );
  }
  if (terms.launchType === 'EXTERNAL') return 'the EXTERNAL launch type.';
  if (!spreadsOverZones(terms.placementStrategy)) {
    return `placement strategies that do not first spread over attribute:${availabilityZoneAttribute}.`;
  }
  return terms.placementConstraints.some(namesZone)
    ? `placement constraints on attribute:${availabilityZoneAttribute}.`
    : undefined;
}

function spreadsOverZones([first]: readonly PlacementStrategy[]): boolean {
  if (!first) return true;
  return first.type === 'spread' && first.field === `attribute:${availabilityZoneAttribute}`;
}

function namesZone({ expression = '' }: PlacementConstraint): boolean {
  return expression.includes(availabilityZoneAttribute);
}
