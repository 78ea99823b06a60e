import type { DescribeAlarmsOutput, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { present } from '../domain/present.ts';
import type { AlarmQuery, ObservedAlarm } from '../domain/service/alarms.ts';
import type { AwsEndpoints } from './aws-endpoints.ts';

/** CloudWatch takes no more names in one call, and answers with no more alarms. */
const namesPerCall = 100;

/** DescribeAlarms of CloudWatch; undefined where the operator has not said where it is. */
export function describeAlarmsAt(
  endpoints: AwsEndpoints,
): ((query: AlarmQuery) => Promise<readonly ObservedAlarm[]>) | undefined {
  if (!endpoints.has('cloudwatch')) return undefined;
  return async ({ region, names }) => {
    const settings = endpoints.settingsOf('cloudwatch', region);
    if (!settings) return [];
    // Only deployments with alarms need it.
    const { CloudWatch } = await import('@aws-sdk/client-cloudwatch');
    const client = new CloudWatch(settings);
    try {
      const observed: ObservedAlarm[] = [];
      for (let from = 0; from < names.length; from += namesPerCall) {
        const answer = await client.describeAlarms({
          AlarmNames: names.slice(from, from + namesPerCall),
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
          MaxRecords: namesPerCall,
        });
        observed.push(...observedIn(answer));
      }
      return observed;
    } finally {
      client.destroy();
    }
  };
}

function observedIn({
  MetricAlarms: metric = [],
  CompositeAlarms: composite = [],
}: DescribeAlarmsOutput): readonly ObservedAlarm[] {
  return [...metric, ...composite].map((alarm) => ({
    name: alarm.AlarmName ?? '',
    isInAlarm: alarm.StateValue === 'ALARM',
    ...present({ evaluationMs: evaluationMs(alarm) }),
  }));
}

function evaluationMs({ Period, EvaluationPeriods }: MetricAlarm): number | undefined {
  if (Period === undefined || EvaluationPeriods === undefined) return undefined;
  return Period * EvaluationPeriods * 1000;
}
