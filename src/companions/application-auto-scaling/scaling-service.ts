/**
 * What of Application Auto Scaling scales services of ECS. The operations keep records; what follows from them is done
 * by the scaling controller.
 */
import { partitionOf } from '../../domain/arn.ts';
import { ScalingError } from '../../domain/scaling/scaling-error.ts';
import type { Fault, JsonOperation, JsonService } from '../../protocol/service.ts';
import { sdkOperation } from '../sdk-operation.ts';
import { deleteScalingPolicy } from './delete-scaling-policy.ts';
import { deleteScheduledAction } from './delete-scheduled-action.ts';
import { deregisterScalableTarget } from './deregister-scalable-target.ts';
import { describeScalableTargets } from './describe-scalable-targets.ts';
import { describeScalingActivities } from './describe-scaling-activities.ts';
import { describeScalingPolicies } from './describe-scaling-policies.ts';
import { describeScheduledActions } from './describe-scheduled-actions.ts';
import { putScalingPolicy } from './put-scaling-policy.ts';
import { putScheduledAction } from './put-scheduled-action.ts';
import { registerScalableTarget } from './register-scalable-target.ts';
import type { ScalingContext } from './scaling-context.ts';
import { listTagsForResource, tagResource, untagResource } from './tag-target.ts';

const sdkPackage = '@aws-sdk/client-application-auto-scaling';

const handlers = {
  DeleteScalingPolicy: deleteScalingPolicy,
  DeleteScheduledAction: deleteScheduledAction,
  DeregisterScalableTarget: deregisterScalableTarget,
  DescribeScalableTargets: describeScalableTargets,
  DescribeScalingActivities: describeScalingActivities,
  DescribeScalingPolicies: describeScalingPolicies,
  DescribeScheduledActions: describeScheduledActions,
  ListTagsForResource: listTagsForResource,
  PutScalingPolicy: putScalingPolicy,
  PutScheduledAction: putScheduledAction,
  RegisterScalableTarget: registerScalableTarget,
  TagResource: tagResource,
  UntagResource: untagResource,
} as const;

export type ScalingParts = Pick<ScalingContext, 'state' | 'newUuid' | 'hasCloudWatch'>;

export function scalingService(parts: ScalingParts): JsonService {
  const operations = Object.entries(handlers).map(([name, handler]) =>
    scalingOperation(name, handler, parts),
  );
  return {
    targetPrefix: 'AnyScaleFrontendService',
    signingName: 'application-autoscaling',
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    unserved: (operation) =>
      `${operation} is not implemented in this release of Longshore. docs/auto-scaling.md lists what is.`,
  };
}

/** Which errors a caller is told about. */
export function scalingFaultOf(error: unknown): Fault | undefined {
  if (!(error instanceof ScalingError)) return undefined;
  return { code: error.code, message: error.message, members: error.members };
}

// The table ties each handler to its types; here, where all are alike, only the schema knows them.
type AnyHandler = (input: never, ctx: ScalingContext) => object;

function scalingOperation(name: string, handler: AnyHandler, parts: ScalingParts): JsonOperation {
  return sdkOperation(sdkPackage, name, (input, { region, accountId, now }) => {
    const scope = { partition: partitionOf(region), region, accountId };
    return handler(input as never, { ...parts, scope, now });
  });
}
