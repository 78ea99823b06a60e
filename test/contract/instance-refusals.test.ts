import type { Attribute, ECS, RegisterContainerInstanceRequest } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { test } from './server.ts';

const missing = 'f'.repeat(32);
const targetType = 'container-instance' as const;

async function register(
  ecs: ECS,
  given: Partial<RegisterContainerInstanceRequest> = {},
): Promise<string> {
  const { containerInstance } = await ecs.registerContainerInstance({
    totalResources: [
      { name: 'CPU', type: 'INTEGER', integerValue: 2048 },
      { name: 'MEMORY', type: 'INTEGER', integerValue: 4096 },
    ],
    ...given,
  });
  return containerInstance?.containerInstanceArn ?? '';
}

type Refused = readonly [
  what: string,
  call: (ecs: ECS, instance: string) => Promise<unknown>,
  refusal: string,
];

const unknownId = `ClientException: Referenced container instance ${missing} not found.`;
const badId = 'InvalidParameterException: containerInstanceId length should be one of [32,36]';
const noCluster = 'ClusterNotFoundException: Cluster not found.';
const cluster = 'nowhere';

test.for<Refused>([
  [
    'RegisterContainerInstance in a cluster that is not there',
    (ecs) => ecs.registerContainerInstance({ cluster }),
    noCluster,
  ],
  [
    'RegisterContainerInstance again of an instance that is not there',
    (ecs) => ecs.registerContainerInstance({ containerInstanceArn: missing }),
    `ClientException: Referenced container instance ${missing} not registered.`,
  ],
  [
    'RegisterContainerInstance with a tag of AWS',
    (ecs) => ecs.registerContainerInstance({ tags: [{ key: 'aws:team', value: 'blue' }] }),
    'InvalidParameterException: Tag key must not start with aws:',
  ],
  [
    'RegisterContainerInstance with less than no CPU',
    (ecs) =>
      ecs.registerContainerInstance({
        totalResources: [{ name: 'CPU', type: 'INTEGER', integerValue: -1 }],
      }),
    'InvalidParameterException: Invalid value of resource CPU.',
  ],
  [
    'DeregisterContainerInstance of an instance that is not there',
    (ecs) => ecs.deregisterContainerInstance({ containerInstance: missing }),
    unknownId,
  ],
  [
    'DeregisterContainerInstance in a cluster that is not there',
    (ecs) => ecs.deregisterContainerInstance({ cluster, containerInstance: missing }),
    noCluster,
  ],
  [
    'DeregisterContainerInstance of what is no id',
    (ecs) => ecs.deregisterContainerInstance({ containerInstance: 'i-1' }),
    badId,
  ],
  [
    'DescribeContainerInstances of none',
    (ecs) => ecs.describeContainerInstances({ containerInstances: [] }),
    'InvalidParameterException: Container instance cannot be empty.',
  ],
  [
    'DescribeContainerInstances of more than 100',
    (ecs) => ecs.describeContainerInstances({ containerInstances: Array(101).fill(missing) }),
    'InvalidParameterException: instanceIds can have at most 100 items.',
  ],
  [
    'DescribeContainerInstances of what is no id',
    (ecs) => ecs.describeContainerInstances({ containerInstances: ['x'] }),
    badId,
  ],
  [
    'DescribeContainerInstances of the ARN of a cluster',
    (ecs, instance) => {
      const arn = instance.replace(/container-instance.*/, 'cluster/default');
      return ecs.describeContainerInstances({ containerInstances: [arn] });
    },
    'InvalidParameterException: Unsupported resource type: cluster',
  ],
  [
    'DescribeContainerInstances of an instance of another cluster',
    (ecs, instance) => {
      const arn = instance.replace('/default/', '/other/');
      return ecs.describeContainerInstances({ containerInstances: [arn] });
    },
    'InvalidParameterException: Invalid identifier: Identifier is for cluster other. Your cluster is default',
  ],
  [
    'DescribeContainerInstances of an ARN with too many parts',
    (ecs, instance) => ecs.describeContainerInstances({ containerInstances: [`${instance}/a`] }),
    'InvalidParameterException: Invalid identifier: Unexpected number of separators',
  ],
  [
    'DescribeContainerInstances of the ARN of another region',
    (ecs, instance) => {
      const arn = instance.replace('us-east-1', 'eu-west-1');
      return ecs.describeContainerInstances({ containerInstances: [arn] });
    },
    'InvalidParameterException: Invalid Region in ARN',
  ],
  [
    'ListContainerInstances of a status that is none',
    (ecs) => ecs.listContainerInstances({ status: 'INACTIVE' as 'ACTIVE' }),
    'InvalidParameterException: Container instances status should be one of ' +
      '[ACTIVE,DEREGISTERING,DRAINING,REGISTERING,REGISTRATION_FAILED]',
  ],
  [
    'ListContainerInstances with an expression that ends early',
    (ecs) => ecs.listContainerInstances({ filter: 'attribute:stack ==' }),
    "InvalidParameterException: Invalid expression: 'attribute:stack =='. Expected a value at position 19.",
  ],
  [
    'ListContainerInstances with a subject that is none',
    (ecs) => ecs.listContainerInstances({ filter: 'zone == a' }),
    "InvalidParameterException: Invalid expression: 'zone == a'. Expected a subject at position 1.",
  ],
  [
    'ListContainerInstances with an expression that is too long',
    (ecs) => ecs.listContainerInstances({ filter: 'attribute:stack exists'.padEnd(2001) }),
    'InvalidParameterException: filter longer than 2000.',
  ],
  [
    'ListTasks of an unknown instance',
    (ecs) => ecs.listTasks({ containerInstance: missing }),
    unknownId,
  ],
  ['ListTasks of an id that is none', (ecs) => ecs.listTasks({ containerInstance: 'a' }), badId],
  [
    'UpdateContainerInstancesState of none',
    (ecs) => ecs.updateContainerInstancesState({ containerInstances: [], status: 'DRAINING' }),
    'InvalidParameterException: Container instance cannot be empty.',
  ],
  [
    'UpdateContainerInstancesState of more than 10',
    (ecs) =>
      ecs.updateContainerInstancesState({
        containerInstances: Array(11).fill(missing),
        status: 'DRAINING',
      }),
    'InvalidParameterException: instanceIds can have at most 10 items.',
  ],
  [
    'UpdateContainerInstancesState to a status that is not to be had',
    (ecs, instance) =>
      ecs.updateContainerInstancesState({
        containerInstances: [instance],
        status: 'REGISTERING',
      }),
    'InvalidParameterException: Container instances status should be one of [ACTIVE,DRAINING]',
  ],
  [
    'UpdateContainerAgent of an instance that is not there',
    (ecs) => ecs.updateContainerAgent({ containerInstance: missing }),
    unknownId,
  ],
  [
    'UpdateContainerAgent of an agent whose version is not known',
    (ecs, containerInstance) => ecs.updateContainerAgent({ containerInstance }),
    'MissingVersionException: The version of the container agent is unknown.',
  ],
  [
    'PutAttributes of none',
    (ecs) => ecs.putAttributes({ attributes: [] }),
    'InvalidParameterException: Attributes can not be empty.',
  ],
  [
    'PutAttributes of more than 10',
    (ecs, targetId) => ecs.putAttributes({ attributes: Array(11).fill({ name: 'a', targetId }) }),
    'InvalidParameterException: attributes can have at most 10 items.',
  ],
  [
    'PutAttributes in a cluster that is not there',
    (ecs, targetId) => ecs.putAttributes({ cluster, attributes: [{ name: 'a', targetId }] }),
    noCluster,
  ],
  [
    'PutAttributes with a name that is too long',
    (ecs, targetId) => ecs.putAttributes({ attributes: [{ name: 'a'.repeat(129), targetId }] }),
    `InvalidParameterException: Attribute name '${'a'.repeat(129)}' is invalid.`,
  ],
  [
    'PutAttributes without a name',
    (ecs, targetId) => ecs.putAttributes({ attributes: [{ name: '', targetId }] }),
    'InvalidParameterException: Attribute name can not be blank.',
  ],
  [
    'PutAttributes with a value that ends with a space',
    (ecs, targetId) => ecs.putAttributes({ attributes: [{ name: 'a', value: 'b ', targetId }] }),
    "InvalidParameterException: Attribute value 'b ' is invalid.",
  ],
  [
    'PutAttributes with a name of ECS',
    (ecs, targetId) => ecs.putAttributes({ attributes: [{ name: 'ecs.os-type', targetId }] }),
    "InvalidParameterException: Attribute name 'ecs.os-type' is reserved and can not be changed.",
  ],
  [
    'PutAttributes of a bare id that is not said to be one of an instance',
    (ecs) => ecs.putAttributes({ attributes: [{ name: 'a', targetId: missing }] }),
    'InvalidParameterException: targetType should be one of [container-instance]',
  ],
  [
    'PutAttributes of an instance that is not there',
    (ecs) => ecs.putAttributes({ attributes: [{ name: 'a', targetId: missing, targetType }] }),
    'TargetNotFoundException: Unable to resolve target.',
  ],
  [
    'PutAttributes of no target',
    (ecs) => ecs.putAttributes({ attributes: [{ name: 'a' }] }),
    'TargetNotFoundException: Unable to resolve target.',
  ],
  [
    'DeleteAttributes of none',
    (ecs) => ecs.deleteAttributes({ attributes: [] }),
    'InvalidParameterException: Attributes can not be empty.',
  ],
  [
    'DeleteAttributes of what ECS gives',
    (ecs, targetId) => ecs.deleteAttributes({ attributes: [{ name: 'ecs.os-type', targetId }] }),
    "InvalidParameterException: Attribute name 'ecs.os-type' is reserved and can not be changed.",
  ],
  [
    'DeleteAttributes of an instance that is not there',
    (ecs) => ecs.deleteAttributes({ attributes: [{ name: 'a', targetId: missing, targetType }] }),
    'TargetNotFoundException: Unable to resolve target.',
  ],
  [
    'ListAttributes of something else than instances',
    (ecs) => ecs.listAttributes({ targetType: 'task' as typeof targetType }),
    'InvalidParameterException: targetType should be one of [container-instance]',
  ],
  [
    'ListAttributes with a value and no name',
    (ecs) => ecs.listAttributes({ targetType, attributeValue: 'blue' }),
    'InvalidParameterException: attributeName must be specified with attributeValue.',
  ],
  [
    'ListAttributes in a cluster that is not there',
    (ecs) => ecs.listAttributes({ cluster, targetType }),
    noCluster,
  ],
  [
    'SubmitAttachmentStateChanges of what is no attachment',
    (ecs) =>
      ecs.submitAttachmentStateChanges({
        attachments: [{ attachmentArn: 'eni-1', status: 'ATTACHED' }],
      }),
    'InvalidParameterException: Invalid attachmentArn.',
  ],
  [
    'SubmitTaskStateChange with a status that agents do not have',
    (ecs) => ecs.submitTaskStateChange({ task: missing, status: 'ACTIVATING' }),
    'InvalidParameterException: status should be one of [PENDING,RUNNING,STOPPED]',
  ],
  [
    'StartTask on none',
    (ecs) => ecs.startTask({ taskDefinition: 'web', containerInstances: [] }),
    'InvalidParameterException: Container instances cannot be empty.',
  ],
  [
    'StartTask on more than 10',
    (ecs) => ecs.startTask({ taskDefinition: 'web', containerInstances: Array(11).fill(missing) }),
    'InvalidParameterException: Container instances can have at most 10 items.',
  ],
  [
    'StartTask on what is no id',
    (ecs) => ecs.startTask({ taskDefinition: 'web', containerInstances: ['x'] }),
    badId,
  ],
])('ECS refuses %s', async ([, call, refusal], { ecs }) => {
  await ecs.createCluster({});
  await ecs.createCluster({ clusterName: 'other' });
  await ecs.registerTaskDefinition({
    family: 'web',
    containerDefinitions: [{ name: 'app', image: 'nginx', memory: 8 }],
  });
  const instance = await register(ecs);
  expect(await refusalOf(call(ecs, instance))).toBe(refusal);
});

test('an instance does not come back as one of another type', async ({ ecs }) => {
  await ecs.createCluster({});
  const asType = (instanceType: string) => ({
    instanceIdentityDocument: JSON.stringify({ instanceId: 'i-0abc', instanceType }),
  });
  const containerInstanceArn = await register(ecs, asType('m7i.large'));
  const again = ecs.registerContainerInstance({ containerInstanceArn, ...asType('m7i.xlarge') });
  expect(await refusalOf(again)).toBe(
    'ClientException: Container instance type changes are not supported. Container instance ' +
      `${containerInstanceArn.split('/').at(-1)} was previously registered as m7i.large.`,
  );
});

test('nothing is done to instances of a cluster that was deleted', async ({ ecs }) => {
  await ecs.createCluster({});
  await ecs.deleteCluster({ cluster: 'default' });
  const refusal = 'ClusterNotFoundException: The referenced cluster was inactive.';
  const attributes: Attribute[] = [{ name: 'a', targetId: missing, targetType }];
  for (const call of [
    () => ecs.registerContainerInstance({}),
    () => ecs.deregisterContainerInstance({ containerInstance: missing }),
    () => ecs.describeContainerInstances({ containerInstances: [missing] }),
    () => ecs.listContainerInstances({}),
    () => ecs.updateContainerInstancesState({ containerInstances: [missing], status: 'DRAINING' }),
    () => ecs.updateContainerAgent({ containerInstance: missing }),
    () => ecs.putAttributes({ attributes }),
    () => ecs.deleteAttributes({ attributes }),
    () => ecs.listAttributes({ targetType }),
  ]) {
    expect(await refusalOf(call())).toBe(refusal);
  }
});

test('a deregistered instance can not be set to DRAINING, and takes no attributes', async ({
  ecs,
}) => {
  await ecs.createCluster({});
  const arn = await register(ecs);
  await ecs.deregisterContainerInstance({ containerInstance: arn });
  const { containerInstances, failures } = await ecs.updateContainerInstancesState({
    containerInstances: [arn, missing],
    status: 'DRAINING',
  });
  expect(containerInstances).toEqual([]);
  expect(failures).toMatchObject([{ arn, reason: 'INACTIVE' }, { reason: 'MISSING' }]);
  expect(await refusalOf(ecs.updateContainerAgent({ containerInstance: arn }))).toBe(
    `ClientException: Referenced container instance ${arn.split('/').at(-1)} not found.`,
  );
  const attributes = [{ name: 'a', targetId: arn }];
  expect(await refusalOf(ecs.putAttributes({ attributes }))).toBe(
    'TargetNotFoundException: Unable to resolve target.',
  );
  await ecs.registerTaskDefinition({
    family: 'web',
    containerDefinitions: [{ name: 'app', image: 'nginx', memory: 8 }],
  });
  const start = { taskDefinition: 'web', containerInstances: [arn] };
  const started = await ecs.startTask(start);
  expect(started.failures).toEqual([{ arn, reason: 'INACTIVE' }]);
  const faulty = { ...start, group: 'service:web' };
  expect(await refusalOf(ecs.startTask(faulty))).toMatch(
    /^InvalidParameterException: Invalid namespace /,
  );
});
