import { ClusterNotFoundException, ECSServiceException } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { inputSchemas } from './hostile-inputs.ts';
import { test } from './hostile-server.ts';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';

test('an error has status 400, its code in header and body, and a message in lower case', async ({
  raw,
}) => {
  const answer = await raw.send({ operation: 'DeleteCluster', body: '{"cluster":"nope"}' });
  expect(answer).toMatchObject({
    status: 400,
    errorType: 'ClusterNotFoundException',
    contentType: 'application/x-amz-json-1.1',
  });
  expect(JSON.parse(answer.body)).toEqual({
    __type: 'ClusterNotFoundException',
    message: 'Cluster not found.',
  });
});

test('the SDK knows an error by its class, its status and its request', async ({ ecs }) => {
  const error: unknown = await ecs.deleteCluster({ cluster: 'nope' }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ClusterNotFoundException);
  expect(error).toBeInstanceOf(ECSServiceException);
  expect(error).toMatchObject({
    $fault: 'client',
    $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
});

test('an answer has no null in it, and its times are seconds', async ({ raw, ecs }) => {
  await ecs.createCluster({ tags: [{ key: 'a', value: '' }] });
  await ecs.registerTaskDefinition(aDefinition());
  const { tasks } = await ecs.runTask(aRun());
  const bodies = await Promise.all(
    [
      { operation: 'DescribeClusters', body: {} },
      { operation: 'ListClusters', body: {} },
      { operation: 'DescribeTaskDefinition', body: { taskDefinition: 'web' } },
      { operation: 'DescribeTasks', body: { tasks: [tasks?.[0]?.taskArn] } },
    ].map(async ({ operation, body }) => {
      const answer = await raw.send({ operation, body: JSON.stringify(body) });
      expect(answer.status).toBe(200);
      return answer.body;
    }),
  );
  expect(bodies.join()).not.toContain('null');
  const [createdAt = ''] = /"createdAt":[^,]*/.exec(bodies.join()) ?? [];
  const seconds = Number(createdAt.slice('"createdAt":'.length));
  expect(new Date(seconds * 1000)).toEqual(tasks?.[0]?.createdAt);
});

test('every operation is known; one that is not built says so and does nothing', async ({
  raw,
}) => {
  const built: string[] = [];
  for (const operation of inputSchemas.keys()) {
    const { status, errorType, body } = await raw.send({ operation });
    expect(errorType, operation).not.toBe('UnknownOperationException');
    if (errorType !== 'UnsupportedFeatureException') {
      built.push(operation);
      continue;
    }
    expect(status).toBe(400);
    expect(body).toContain(`${operation} is not implemented in this release of Longshore.`);
  }
  expect(built).toEqual(
    expect.arrayContaining(['CreateCluster', 'RegisterTaskDefinition', 'RunTask']),
  );
});

test('an operation that is not built is an UnsupportedFeatureException to the SDK', async ({
  ecs,
}) => {
  expect(await refusalOf(ecs.deleteExpressGatewayService({ serviceArn: 'arn' }))).toBe(
    'UnsupportedFeatureException: DeleteExpressGatewayService is not implemented in this release of Longshore. ' +
      'docs/api-coverage.md lists what is.',
  );
});
