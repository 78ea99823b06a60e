import { alarmsForAt, readMetricAt } from './aws/read-metric.ts';
import { AwsEndpoints } from './aws/aws-endpoints.ts';
import { updateService } from './api/services/update-service.ts';
import { scalingService } from './companions/application-auto-scaling/scaling-service.ts';
import type { EcsAgentCompute } from './compute/ecs-agent/ecs-agent-compute.ts';
import type { SetDesiredCount } from './controllers/scaling-acts.ts';
import { ScalingController } from './controllers/scaling-controller.ts';
import type { MetricSources } from './controllers/scaling-metrics.ts';
import type { UsageOf } from './controllers/service-usage.ts';
import { isOnOwnCompute } from './controllers/task-controller.ts';
import { lastPathElement, scopeOfArn } from './domain/arn.ts';
import type { Reach } from './domain/service/reach.ts';
import type { JsonService } from './protocol/service.ts';
import type { ServerParts } from './server.ts';
import type { State } from './state/state.ts';
import { newId, newUuid } from './support/ids.ts';

export { scalingFaultOf } from './companions/application-auto-scaling/scaling-service.ts';

/** What of CloudWatch scales services. */
export type CloudWatchSources = Omit<MetricSources, 'usageOf'>;

/** Application Auto Scaling for services: its API, and what does as it says. */
export interface ServiceScaling {
  readonly service: JsonService;
  readonly controller: ScalingController;
}

export interface ScalingBase {
  readonly state: State;
  readonly agents: EcsAgentCompute;
  readonly reach: Reach;
}

export function serviceScaling(parts: ServerParts, base: ScalingBase): ServiceScaling {
  const { compute, clock, scalingPeriodMs: periodMs } = parts;
  const { state, agents } = base;
  const { readMetric, alarmsFor } = cloudWatchOf(parts);
  const usageOf: UsageOf = (order) =>
    (isOnOwnCompute(state, order.task) ? compute : agents).usageOf(order);
  return {
    service: scalingService({ state, newUuid, hasCloudWatch: readMetric !== undefined }),
    controller: new ScalingController({
      state,
      clock,
      newId,
      newUuid,
      periodMs,
      sources: { usageOf, readMetric, alarmsFor },
      setDesiredCount: countSetter(base, () => clock.now()),
    }),
  };
}

/** What stands in for CloudWatch, or CloudWatch where the operator has said where it is. */
function cloudWatchOf({
  awsCalls,
  awsEndpoints = new AwsEndpoints(),
}: ServerParts): CloudWatchSources {
  return (
    awsCalls ?? { readMetric: readMetricAt(awsEndpoints), alarmsFor: alarmsForAt(awsEndpoints) }
  );
}

/** By UpdateService itself, called by the role of the target. */
function countSetter({ state, reach }: ScalingBase, now: () => number): SetDesiredCount {
  return ({ serviceArn, roleArn }, desiredCount) => {
    const [, cluster = ''] = serviceArn.slice(serviceArn.indexOf(':service/')).split('/');
    const input = { cluster, service: lastPathElement(serviceArn), desiredCount };
    const caller = { scope: scopeOfArn(serviceArn), callerArn: roleArn, origin: '', reach };
    updateService(input, { state, now: now(), newId, newUuid, ...caller });
  };
}
