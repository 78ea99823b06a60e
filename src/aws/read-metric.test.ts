import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { standInFor } from '../../test/fixtures/aws-stand-in.ts';
import { AwsEndpoints } from './aws-endpoints.ts';
import { alarmsForAt, readMetricAt } from './read-metric.ts';

const region = 'us-east-1';
const policyArn = 'arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1:resource/x';

/** What CloudWatch was asked, and what it says: two values of each metric, the newest first. */
const asked: unknown[] = [];
let values = [31, 30];
const endpoints = standInFor('cloudwatch', (request, response) => {
  void answer(request).then((body) => {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(body));
  });
});

async function answer(request: IncomingMessage): Promise<object> {
  const { MetricDataQueries, ...input } = JSON.parse(await text(request));
  if (String(request.headers['x-amz-target']).endsWith('.DescribeAlarms')) {
    asked.push(input);
    const alarm = { AlarmName: 'busy', StateValue: 'ALARM', Threshold: 20, MetricName: 'Depth' };
    const MetricAlarms = [
      { ...alarm, AlarmActions: [policyArn] },
      { ...alarm, AlarmName: 'of another', AlarmActions: [`${policyArn}2`] },
      { ...alarm, AlarmName: 'disabled', AlarmActions: [policyArn], ActionsEnabled: false },
    ];
    return { MetricAlarms };
  }
  asked.push(MetricDataQueries);
  const returned = MetricDataQueries.at(-1).Id;
  return { MetricDataResults: [{ Id: returned, Values: values }] };
}

test('a customized metric is asked for as CloudWatch wants it, minute by minute', async () => {
  asked.length = 0;
  const Dimensions = [{ Name: 'Queue', Value: 'orders' }];
  const plain = { MetricName: 'Depth', Namespace: 'Shop', Dimensions };
  const specification = { ...plain, Statistic: 'Average' as const };
  const read = readMetricAt(endpoints());
  expect(await read?.({ region, metric: { kind: 'Customized', specification } })).toBe(31);
  const Metrics = [
    { Id: 'depth', MetricStat: { Metric: plain, Stat: 'Sum' }, ReturnData: false },
    { Id: 'each', Expression: 'depth / 2' },
  ];
  const math = { kind: 'Customized', specification: { Metrics } } as const;
  expect(await read?.({ region, metric: math })).toBe(31);
  expect(asked).toEqual([
    [{ Id: 'm1', MetricStat: { Metric: plain, Period: 60, Stat: 'Average' } }],
    [
      { Id: 'depth', MetricStat: { Metric: plain, Stat: 'Sum', Period: 60 }, ReturnData: false },
      { Id: 'each', Expression: 'depth / 2' },
    ],
  ]);
});

test('requests per target are those of the target group that the label names', async () => {
  asked.length = 0;
  const resourceLabel = 'app/web/778d41231b141a0f/targetgroup/web/943f017f100becff';
  const metric = { kind: 'RequestCountPerTarget', resourceLabel } as const;
  expect(await readMetricAt(endpoints())?.({ region, metric })).toBe(31);
  const Dimensions = [{ Name: 'TargetGroup', Value: 'targetgroup/web/943f017f100becff' }];
  const Metric = {
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'RequestCountPerTarget',
    Dimensions,
  };
  expect(asked).toEqual([[{ Id: 'm1', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }]]);
});

test('a metric without data has no value', async () => {
  values = [];
  const specification = { MetricName: 'Depth', Namespace: 'Shop', Statistic: 'Sum' as const };
  const metric = { kind: 'Customized', specification } as const;
  expect(await readMetricAt(endpoints())?.({ region, metric })).toBeUndefined();
  values = [31, 30];
});

test('the alarms that act on a policy are told, with how far they are past their threshold', async () => {
  asked.length = 0;
  expect(await alarmsForAt(endpoints())?.({ region, policyArn })).toEqual([
    { name: 'busy', breach: 11 },
  ]);
  expect(asked[0]).toMatchObject({ ActionPrefix: policyArn, StateValue: 'ALARM' });
});

test('without an endpoint there is nobody to ask', () => {
  expect(readMetricAt(new AwsEndpoints())).toBeUndefined();
  expect(alarmsForAt(new AwsEndpoints())).toBeUndefined();
});
