import * as secretsSdk from '@aws-sdk/client-secrets-manager';
import * as cloudMapSdk from '@aws-sdk/client-servicediscovery';
import * as ssmSdk from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { schemasOf, shapeOf } from '../../src/protocol/schema.ts';
import { test } from './server.ts';

const stores = [
  {
    prefix: 'AmazonSSM',
    sdk: ssmSdk,
    operations: [
      'DeleteParameter',
      'DeleteParameters',
      'DescribeParameters',
      'GetParameter',
      'GetParameters',
      'GetParametersByPath',
      'PutParameter',
    ],
    accepted: { Name: 'a', Names: ['a'], Path: '/', Type: 'String', Value: 'x', Overwrite: true },
  },
  {
    prefix: 'secretsmanager',
    sdk: secretsSdk,
    operations: [
      'CreateSecret',
      'DeleteSecret',
      'DescribeSecret',
      'GetSecretValue',
      'ListSecrets',
      'PutSecretValue',
      'RestoreSecret',
      'TagResource',
      'UntagResource',
      'UpdateSecret',
    ],
    accepted: { Name: 'a', SecretId: 'a', Tags: [], TagKeys: [] },
  },
  {
    prefix: 'Route53AutoNaming_v20170314',
    sdk: cloudMapSdk,
    operations: [
      'CreateHttpNamespace',
      'CreatePrivateDnsNamespace',
      'CreateService',
      'DiscoverInstances',
      'GetInstancesHealthStatus',
      'ListNamespaces',
      'ListOperations',
      'ListServices',
      'RegisterInstance',
      'TagResource',
      'UpdatePrivateDnsNamespace',
      'UpdateService',
    ],
    accepted: { Name: 'a', Vpc: 'vpc-1', Id: 'a', Attributes: {}, Namespace: {}, Service: {} },
  },
] as const;

const hostile: readonly unknown[] = [
  null,
  0,
  -1.5,
  true,
  '',
  '__proto__',
  'x'.repeat(100_000),
  '🚢\0\u202e',
  `arn:aws:secretsmanager:us-east-1:${':'.repeat(10_000)}`,
  {},
  { a: { b: [] } },
  [],
  [null],
  [[{}]],
  [{}],
  Array.from({ length: 1000 }, () => 'a'),
  ['__proto__', ''],
];

/** Only those members that the operation has, one of them spoilt or left out. */
function* spoiltInputs(sdk: object, operation: string, accepted: object): Iterable<object> {
  const schema = Object.entries(sdk).find(([name]) => name === `${operation}$`)?.[1];
  const shape = shapeOf(schemasOf(schema).input);
  if (shape.kind !== 'structure') throw new Error('An input is a structure.');
  const names = shape.members.map(([name]) => name);
  const base = Object.entries(accepted).filter(([name]) => names.includes(name));
  yield {};
  for (const name of names) {
    const others = Object.fromEntries(base.filter(([other]) => other !== name));
    yield others;
    for (const value of hostile) yield { ...others, [name]: value };
  }
}

test.for(stores)('Nothing that is sent to $prefix harms the server', async (store, { server }) => {
  const harmed: string[] = [];
  let count = 0;
  for (const operation of store.operations) {
    for (const input of spoiltInputs(store.sdk, operation, store.accepted)) {
      count += 1;
      const answer = await fetch(server.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `${store.prefix}.${operation}`,
          'x-amz-date': '20260916T090000Z',
          authorization:
            'AWS4-HMAC-SHA256 Credential=123456789012/20260916/us-east-1/ssm/aws4_request, ' +
            'SignedHeaders=host;x-amz-date, Signature=0000',
        },
        body: JSON.stringify(input),
      });
      const text = await answer.text();
      if (![200, 400].includes(answer.status)) {
        harmed.push(`${operation} ${JSON.stringify(input).slice(0, 200)}: ${text.slice(0, 200)}`);
      }
    }
  }
  expect(harmed).toEqual([]);
  expect(count).toBeGreaterThan(300);
  expect(server.errors).toEqual([]);
});
