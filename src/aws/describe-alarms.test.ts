import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { standInFor } from '../../test/fixtures/aws-stand-in.ts';
import { AwsEndpoints } from './aws-endpoints.ts';
import { describeAlarmsAt } from './describe-alarms.ts';

/** What CloudWatch would say of each name that it is asked for. */
const asked: string[][] = [];
const endpoints = standInFor('cloudwatch', (request, response) => {
  void answer(request).then((body) => {
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(body);
  });
});

async function answer(request: IncomingMessage): Promise<string> {
  expect(request.headers['x-amz-target']).toBe('GraniteServiceVersion20100801.DescribeAlarms');
  const { AlarmNames: names } = JSON.parse(await text(request));
  asked.push(names);
  const MetricAlarms = names
    .filter((name: string) => name.startsWith('metric'))
    .map((AlarmName: string) => ({
      AlarmName,
      StateValue: AlarmName.endsWith('bad') ? 'ALARM' : 'OK',
      Period: 60,
      EvaluationPeriods: 3,
    }));
  const CompositeAlarms = names.includes('composite')
    ? [{ AlarmName: 'composite', StateValue: 'ALARM' }]
    : [];
  return JSON.stringify({ MetricAlarms, CompositeAlarms });
}

test('CloudWatch is asked for metric and composite alarms at the endpoint that was named', async () => {
  const names = ['metric-good', 'metric-bad', 'composite', 'unknown'];
  expect(await describeAlarmsAt(endpoints())?.({ region: 'us-east-1', names })).toEqual([
    { name: 'metric-good', isInAlarm: false, evaluationMs: 180_000 },
    { name: 'metric-bad', isInAlarm: true, evaluationMs: 180_000 },
    { name: 'composite', isInAlarm: true },
  ]);
});

test('CloudWatch is asked for no more than a hundred alarms at once', async () => {
  asked.length = 0;
  const names = Array.from({ length: 250 }, (_, index) => `metric-${index}`);
  const observed = await describeAlarmsAt(endpoints())?.({ region: 'us-east-1', names });
  expect(observed).toHaveLength(250);
  expect(asked.map((some) => some.length)).toEqual([100, 100, 50]);
});

test('without an endpoint there is nobody to ask', () => {
  expect(describeAlarmsAt(new AwsEndpoints())).toBeUndefined();
});
