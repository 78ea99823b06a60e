import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { ExecuteCommandConfiguration, Task } from '@aws-sdk/client-ecs';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AwsEndpoints } from '../../../src/aws/aws-endpoints.ts';
import { KmsDouble } from '../../fixtures/kms-double.ts';
import { S3Double } from '../../fixtures/s3-double.ts';
import { execute, openExecStage, patience, sitDown, type ExecStage } from './exec-stage.ts';

const keyId = 'arn:aws:kms:us-east-1:123456789012:key/1';
const kms = new KmsDouble(keyId);
const s3 = new S3Double();
const client = { region: 'us-east-1', credentials: { accessKeyId: 'user', secretAccessKey: 's' } };
let kmsUrl: string;
let stage: ExecStage;
let task: Task;

beforeAll(async () => {
  kmsUrl = await kms.open();
  const awsEndpoints = new AwsEndpoints(
    new Map([
      ['kms', kmsUrl],
      ['s3', await s3.open()],
    ]),
  );
  process.env['AWS_ACCESS_KEY_ID'] = 'SERVER';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
  stage = await openExecStage({ awsEndpoints });
  task = await stage.run({ enableExecuteCommand: true });
});
afterAll(async () => {
  await stage.close();
  kms.close();
  s3.close();
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
});

async function configure(executeCommandConfiguration: ExecuteCommandConfiguration): Promise<void> {
  const configuration = { executeCommandConfiguration };
  await stage.ecs.updateCluster({ cluster: 'default', configuration });
}

/** Has KMS make a data key for the session, bound to it and to the container as the aws CLI names it. */
async function newDataKey(sessionId = '') {
  const [container] = (task.containers ?? []).filter(({ name }) => name === 'app');
  const target = `ecs:default_${task.taskArn?.split('/').at(-1)}_${container?.runtimeId}`;
  const asked = new KMS({ ...client, endpoint: kmsUrl });
  const made = await asked.generateDataKey({
    KeyId: keyId,
    NumberOfBytes: 64,
    EncryptionContext: { 'aws:ssm:SessionId': sessionId, 'aws:ssm:TargetId': target },
  });
  asked.destroy();
  return {
    plain: Buffer.from(made.Plaintext ?? []),
    cipherText: Buffer.from(made.CiphertextBlob ?? []),
  };
}

/** Runs a command to its end, and gives back the session's id, what it showed and how it ended. */
async function runToEnd(command: string) {
  const { session = {} } = await execute(stage.ecs, task, { command });
  const { sessionId = '' } = session;
  const { plugin } = await sitDown(session, { newDataKey: () => newDataKey(sessionId) });
  await expect.poll(() => plugin.closedWith, patience).toBeDefined();
  const { shown, closedWith, welcomedWith } = plugin;
  return { sessionId, shown, closedWith, welcomedWith };
}

test('with a key of KMS, a session is encrypted with a data key that KMS made for it', async () => {
  await configure({ kmsKeyId: keyId });
  expect(await runToEnd('echo hidden')).toMatchObject({
    shown: 'hidden\r\n',
    closedWith: '',
    welcomedWith: 'This session is encrypted using AWS KMS.',
  });
  expect(kms.asked).toEqual([
    { operation: 'GenerateDataKey', accessKeyId: 'user' },
    { operation: 'Decrypt', accessKeyId: 'SERVER' },
  ]);
});

test('what a session shows is kept in the bucket and the log group that its cluster names', async () => {
  const logs = new CloudWatchLogs({
    ...client,
    endpoint: stage.url,
    credentials: { accessKeyId: stage.account, secretAccessKey: 's' },
  });
  await logs.createLogGroup({ logGroupName: '/ecs/exec' });
  s3.encryptedBuckets.add('audit');
  await configure({
    logging: 'OVERRIDE',
    logConfiguration: {
      cloudWatchLogGroupName: '/ecs/exec',
      s3BucketName: 'audit',
      s3KeyPrefix: 'exec/demo',
      s3EncryptionEnabled: true,
    },
  });
  const { sessionId, shown } = await runToEnd('echo kept; id -u');
  expect(shown).toBe('kept\r\n0\r\n');
  const object = () => s3.objects.get(`audit/exec/demo/${sessionId}.log`)?.toString();
  await expect.poll(object, patience).toBe(shown);
  const { events = [] } = await logs.getLogEvents({
    logGroupName: '/ecs/exec',
    logStreamName: sessionId,
  });
  expect(events.map(({ message }) => message)).toEqual([shown]);
  logs.destroy();
});

test('a session whose log cannot be kept encrypted does not begin', async () => {
  const refused = (selected: string, place: string) =>
    expect.stringContaining(
      `We couldn't start the session because encryption is not set up on the selected ${selected}. ` +
        `Either encrypt the ${place} or choose an option to enable logging without encryption.`,
    );
  await configure({
    logging: 'OVERRIDE',
    logConfiguration: { s3BucketName: 'plain', s3EncryptionEnabled: true },
  });
  expect(await runToEnd('echo never')).toMatchObject({
    shown: '',
    closedWith: refused('Amazon S3 bucket', 'bucket'),
  });
  await configure({
    logging: 'OVERRIDE',
    logConfiguration: { cloudWatchLogGroupName: '/ecs/exec', cloudWatchEncryptionEnabled: true },
  });
  expect(await runToEnd('echo never')).toMatchObject({
    shown: '',
    closedWith: refused('CloudWatch Logs log group', 'log group'),
  });
});
