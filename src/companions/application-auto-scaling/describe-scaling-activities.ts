import type {
  DescribeScalingActivitiesRequest,
  DescribeScalingActivitiesResponse,
  NotScaledReason,
  ScalingActivity as ScalingActivityView,
} from '@aws-sdk/client-application-auto-scaling';
import { present } from '../../domain/present.ts';
import {
  parseOptionalResource,
  resourceIdOf,
  scalableDimension,
  serviceNamespace,
} from '../../domain/scaling/resource.ts';
import type { NotScaled, ScalingActivity } from '../../domain/scaling/scaling-activity.ts';
import { listPage, parsePage } from './list-page.ts';
import type { ScalingContext } from './scaling-context.ts';

const mostResults = 50;

/** Newest first. */
export function describeScalingActivities(
  input: DescribeScalingActivitiesRequest,
  { state, scope }: ScalingContext,
): DescribeScalingActivitiesResponse {
  const service = parseOptionalResource(scope, input);
  const page = parsePage(input, mostResults);
  const withNotScaled = input.IncludeNotScaledActivities ?? false;

  const activities = state.read.scalingActivities;
  const { items, nextToken } = listPage(activities.listNewest(scope, service, page.after), page, {
    keyOf: activities.keyOf,
    isWanted: ({ notScaled }) => withNotScaled || notScaled === undefined,
  });
  return { ScalingActivities: items.map(activityView), ...nextToken };
}

function activityView(activity: ScalingActivity): ScalingActivityView {
  const { id, serviceArn, description, cause, startedAt, endedAt, notScaled } = activity;
  return {
    ActivityId: id,
    ServiceNamespace: serviceNamespace,
    ResourceId: resourceIdOf(serviceArn),
    ScalableDimension: scalableDimension,
    Description: description,
    Cause: cause,
    StartTime: new Date(startedAt),
    ...present({ EndTime: endedAt === undefined ? undefined : new Date(endedAt) }),
    StatusCode: activity.status,
    ...present({ StatusMessage: activity.statusMessage }),
    ...(notScaled && { NotScaledReasons: [reasonView(notScaled)] }),
  };
}

function reasonView(reason: NotScaled): NotScaledReason {
  const { code, minCapacity, maxCapacity, currentCapacity } = reason;
  return {
    Code: code,
    ...present({
      MinCapacity: minCapacity,
      MaxCapacity: maxCapacity,
      CurrentCapacity: currentCapacity,
    }),
  };
}
