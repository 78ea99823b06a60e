import type {
  DescribeScheduledActionsRequest,
  DescribeScheduledActionsResponse,
  ScheduledAction as ScheduledActionView,
} from '@aws-sdk/client-application-auto-scaling';
import { present } from '../../domain/present.ts';
import {
  parseOptionalResource,
  resourceIdOf,
  scalableDimension,
  serviceNamespace,
} from '../../domain/scaling/resource.ts';
import type { ScheduledAction } from '../../domain/scaling/scheduled-action.ts';
import { listPage, parsePage } from './list-page.ts';
import type { ScalingContext } from './scaling-context.ts';

const mostResults = 50;

export function describeScheduledActions(
  input: DescribeScheduledActionsRequest,
  { state, scope }: ScalingContext,
): DescribeScheduledActionsResponse {
  const service = parseOptionalResource(scope, input);
  const page = parsePage(input, mostResults);
  const { ScheduledActionNames: names = [] } = input;

  const actions = state.read.scheduledActions;
  const { items, nextToken } = listPage(actions.list(scope, service, page.after), page, {
    keyOf: actions.keyOf,
    isWanted: ({ name }) => names.length === 0 || names.includes(name),
  });
  return { ScheduledActions: items.map(actionView), ...nextToken };
}

function actionView(action: ScheduledAction): ScheduledActionView {
  const { serviceArn, name, arn, schedule, timeZone, startAt, endAt, createdAt } = action;
  const { minCapacity, maxCapacity } = action;
  return {
    ScheduledActionName: name,
    ScheduledActionARN: arn,
    ServiceNamespace: serviceNamespace,
    Schedule: schedule,
    ResourceId: resourceIdOf(serviceArn),
    ScalableDimension: scalableDimension,
    ...present({
      Timezone: timeZone,
      StartTime: startAt === undefined ? undefined : new Date(startAt),
      EndTime: endAt === undefined ? undefined : new Date(endAt),
    }),
    ScalableTargetAction: present({ MinCapacity: minCapacity, MaxCapacity: maxCapacity }),
    CreationTime: new Date(createdAt),
  };
}
