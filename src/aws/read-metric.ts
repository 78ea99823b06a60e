import type { CloudWatch, MetricAlarm, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { StepAlarm } from '../domain/scaling/plan-capacity.ts';
import type { CloudWatchMetric } from '../domain/scaling/scaling-policy.ts';
import type { AwsEndpoints } from './aws-endpoints.ts';

const periodSeconds = 60;
/** Metrics arrive late: so many periods are looked back for the newest value. */
const periodsBack = 5;

interface Asking {
  readonly region: string;
}

/** The newest value of a metric of CloudWatch; undefined where the operator has not said where that is. */
export function readMetricAt(
  endpoints: AwsEndpoints,
): ((query: Asking & { metric: CloudWatchMetric }) => Promise<number | undefined>) | undefined {
  if (!endpoints.has('cloudwatch')) return undefined;
  return ({ region, metric }) =>
    asked(endpoints, region, (cloudWatch) =>
      newestValue(cloudWatch, queriesOf(metric), periodSeconds),
    );
}

/** The alarms that are in ALARM and have a scaling policy as their action. */
export function alarmsForAt(
  endpoints: AwsEndpoints,
): ((query: Asking & { policyArn: string }) => Promise<readonly StepAlarm[]>) | undefined {
  if (!endpoints.has('cloudwatch')) return undefined;
  return ({ region, policyArn }) =>
    asked(endpoints, region, async (cloudWatch) => {
      const { MetricAlarms: alarms = [] } = await cloudWatch.describeAlarms({
        ActionPrefix: policyArn,
        AlarmTypes: ['MetricAlarm'],
        StateValue: 'ALARM',
      });
      const acting = alarms.filter(
        ({ ActionsEnabled, AlarmActions, StateValue }) =>
          StateValue === 'ALARM' && ActionsEnabled !== false && AlarmActions?.includes(policyArn),
      );
      return Promise.all(
        acting.map(async (alarm) => ({
          name: alarm.AlarmName ?? '',
          breach: await breachOf(cloudWatch, alarm),
        })),
      );
    });
}

/** By how much the threshold of an alarm is passed now. */
async function breachOf(cloudWatch: CloudWatch, alarm: MetricAlarm): Promise<number> {
  const { MetricName, Namespace, Dimensions, Statistic, Unit, Threshold = 0 } = alarm;
  const { Period = periodSeconds, Metrics } = alarm;
  const plain: MetricDataQuery = {
    Id: 'm1',
    MetricStat: {
      Metric: { MetricName, Namespace, Dimensions },
      Period,
      Stat: Statistic ?? alarm.ExtendedStatistic,
      Unit,
    },
  };
  const queries = Metrics?.length ? Metrics : [plain];
  const value = await newestValue(cloudWatch, queries, Period);
  return value === undefined ? 0 : value - Threshold;
}

async function newestValue(
  cloudWatch: CloudWatch,
  queries: readonly MetricDataQuery[],
  period: number,
): Promise<number | undefined> {
  const now = Date.now();
  const { MetricDataResults: results = [] } = await cloudWatch.getMetricData({
    StartTime: new Date(now - periodsBack * period * 1000),
    EndTime: new Date(now),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: [...queries],
  });
  const returned = queries.find(({ ReturnData }) => ReturnData !== false)?.Id;
  return results.find(({ Id }) => Id === returned)?.Values?.[0];
}

function queriesOf(metric: CloudWatchMetric): readonly MetricDataQuery[] {
  if (metric.kind === 'RequestCountPerTarget') {
    const targetGroup = metric.resourceLabel.slice(metric.resourceLabel.indexOf('targetgroup/'));
    const Dimensions = [{ Name: 'TargetGroup', Value: targetGroup }];
    const MetricName = 'RequestCountPerTarget';
    const Metric = { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions };
    return [{ Id: 'm1', MetricStat: { Metric, Period: periodSeconds, Stat: 'Sum' } }];
  }
  const { Metrics, MetricName, Namespace, Dimensions, Statistic, Unit } = metric.specification;
  if (!Metrics) {
    const Metric = { MetricName, Namespace, Dimensions };
    const MetricStat = { Metric, Period: periodSeconds, Stat: Statistic, Unit };
    return [{ Id: 'm1', MetricStat: MetricStat as MetricDataQuery['MetricStat'] }];
  }
  return Metrics.map(({ MetricStat, ...query }) => ({
    ...query,
    ...(MetricStat && { MetricStat: { ...MetricStat, Period: periodSeconds } }),
  })) as MetricDataQuery[];
}

async function asked<Answer>(
  endpoints: AwsEndpoints,
  region: string,
  ask: (cloudWatch: CloudWatch) => Promise<Answer>,
): Promise<Answer> {
  const settings = endpoints.settingsOf('cloudwatch', region);
  if (!settings) throw new Error('No endpoint of CloudWatch is configured.');
  // Only services that are scaled by it need it.
  const sdk = await import('@aws-sdk/client-cloudwatch');
  const cloudWatch = new sdk.CloudWatch(settings);
  try {
    return await ask(cloudWatch);
  } finally {
    cloudWatch.destroy();
  }
}
