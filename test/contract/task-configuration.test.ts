import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import type { Secret } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsEndpoints, type AwsService } from '../../src/aws/aws-endpoints.ts';
import type { TaskOrder } from '../../src/compute/compute.ts';
import type { ConfigureTask } from '../../src/compute/task-configuration.ts';
import { AwsSource, type ExecutionCredentials } from '../../src/task-configuration/aws-source.ts';
import { BuiltInSource } from '../../src/task-configuration/built-in-source.ts';
import { taskConfigurer } from '../../src/task-configuration/configure-task.ts';
import { systemClock } from '../../src/support/clock.ts';
import { memoryKey, Vault } from '../../src/support/vault.ts';
import { anOrder } from '../fixtures/an-order.ts';
import { EcrDouble } from '../fixtures/ecr-double.ts';
import { S3Double } from '../fixtures/s3-double.ts';
import { silentLog } from '../fixtures/silent-log.ts';
import { startTestServer, type TestServer } from './server.ts';

const account = '012345678910';
const region = 'us-east-1';
const credentials = { accessKeyId: account, secretAccessKey: 'secret' };
const executionRoleArn = `arn:aws:iam::${account}:role/execution`;
const vault = new Vault(memoryKey());
const ssmArn = `arn:aws:ssm:${region}:${account}:parameter`;
let server: TestServer;
let db: string;
let former: string;
let bytes: string;
let registry: string;

beforeAll(async () => {
  server = await startTestServer({ vault });
  const setting = { endpoint: server.url, region, credentials };
  const ssm = new SSM(setting);
  const secrets = new SecretsManager(setting);
  await ssm.putParameter({ Name: 'colour', Type: 'String', Value: 'red' });
  await ssm.putParameter({ Name: '/app/key', Type: 'SecureString', Value: 'old key' });
  await ssm.putParameter({ Name: '/app/key', Value: 'hunter2', Overwrite: true });
  await ssm.putParameter({ Name: '/app/nul', Type: 'String', Value: 'a\0b' });
  for (let index = 0; index < 12; index += 1) {
    await ssm.putParameter({ Name: `p${index}`, Type: 'String', Value: `value ${index}` });
  }
  const created = await secrets.createSecret({ Name: 'app/db', SecretString: 'first' });
  former = created.VersionId ?? '';
  db = created.ARN ?? '';
  const SecretString = JSON.stringify({ username: 'app', port: 5432, list: [1, 'b'] });
  await secrets.putSecretValue({ SecretId: db, SecretString });
  const binary = await secrets.createSecret({ Name: 'bytes', SecretBinary: Uint8Array.of(1) });
  bytes = binary.ARN ?? '';
  const login = await secrets.createSecret({
    Name: 'registry',
    SecretString: JSON.stringify({ username: 'app', password: 'hunter2' }),
  });
  registry = login.ARN ?? '';
});
afterAll(() => server.close());

function configurer(
  endpoints: Partial<Record<AwsService, string>>,
  execution: ExecutionCredentials = async () => credentials,
): ConfigureTask {
  const builtIn = new BuiltInSource({ state: server.state, vault, clock: systemClock });
  const urls = Object.entries(endpoints) as [AwsService, string][]; // The keys are those above.
  const parts = { credentials: execution, builtIn, now: () => systemClock.now() };
  return taskConfigurer(
    new AwsSource({ endpoints: new AwsEndpoints(new Map(urls)), ...parts }),
    silentLog,
  );
}

function orderOf(secrets: Secret[], given: Parameters<typeof anOrder>[1] = {}): TaskOrder {
  const content = { executionRoleArn };
  return anOrder([{ image: 'app', secrets }], { content, ...given });
}

async function valuesOf(configure: ConfigureTask, references: readonly string[]) {
  const secrets = references.map((valueFrom, index) => ({ name: `S${index}`, valueFrom }));
  const found = await configure(orderOf(secrets));
  return found.get('main')?.secrets.map(([, value]) => value);
}

const partial = () => db.slice(0, -'-AbCdEf'.length);

describe.each([
  ['the built-in stores', () => configurer({})],
  ['named endpoints', () => configurer({ ssm: server.url, secretsmanager: server.url })],
])('From %s', (_, configure) => {
  test('a secret is had by every form of its name', async () => {
    const json = '{"username":"app","port":5432,"list":[1,"b"]}';
    const forms: readonly (readonly [string, string])[] = [
      ['colour', 'red'],
      ['/app/key', 'hunter2'],
      [`${ssmArn}/colour`, 'red'],
      [`${ssmArn}/app/key`, 'hunter2'],
      [`${ssmArn}/app/key:1`, 'old key'],
      [db, json],
      [partial(), json],
      [`${db}:username::`, 'app'],
      [`${db}:port:AWSCURRENT:`, '5432'],
      [`${db}:list::`, '[1 b]'],
      [`${db}::AWSPREVIOUS:`, 'first'],
      [`${db}:::${former}`, 'first'],
      [`${partial()}:username::`, 'app'],
    ];
    const values = await valuesOf(
      configure(),
      forms.map(([valueFrom]) => valueFrom),
    );
    expect(values).toEqual(forms.map(([, value]) => value));
  });

  test('more parameters than one read takes are had', async () => {
    const names = Array.from({ length: 12 }, (_unused, index) => `p${index}`);
    expect(await valuesOf(configure(), names)).toEqual(
      names.map((_unused, index) => `value ${index}`),
    );
  });

  test('what log drivers take is had, too', async () => {
    const logConfiguration = {
      logDriver: 'splunk' as const,
      secretOptions: [{ name: 'splunk-token', valueFrom: '/app/key' }],
    };
    const order = anOrder([{ image: 'app', logConfiguration }], { content: { executionRoleArn } });
    const found = await configure()(order);
    expect(found.get('main')?.logOptions).toEqual([['splunk-token', 'hunter2']]);
  });

  const fetching = 'execution resource retrieval failed: unable to retrieve';
  const retried = 'service call has been retried 1 time(s):';
  test.each([
    [
      () => ['/none', 'colour', 'nor/this'],
      `${fetching} secrets from ssm: ${retried} fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /none,nor/this`,
    ],
    [
      () => [`${partial()}x`],
      `${fetching} secret from asm: ${retried} failed to fetch secret arn:aws:secretsmanager:us-east-1:012345678910:secret:app/dbx from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
    ],
    [
      () => [`${db}:password::`],
      `${fetching} secret from asm: ${retried} retrieved secret from Secrets Manager did not contain json key password`,
    ],
    [
      () => [`${db}:password:AWSPREVIOUS:`],
      `${fetching} secret from asm: ${retried} invalid character '*' looking for beginning of value`,
    ],
    [
      () => [`${partial()}::NONE:`],
      /Secrets Manager can't find the specified secret value for staging label: NONE$/,
    ],
    [
      () => [`${partial()}:a`],
      /retried 1 time\(s\): trying to retrieve secret with value .* Specify a valid ARN and try again\.$/,
    ],
    [() => [bytes], /is binary: only those with a SecretString are supported$/],
    [
      () => ['/app/nul'],
      /the value of S0 contains a NUL character, which an environment variable cannot hold$/,
    ],
  ] as const)('%s is refused in the words of Fargate', async (references, words) => {
    const refusal = valuesOf(configure(), references());
    const start = 'ResourceInitializationError: unable to pull secrets or registry auth: ';
    await expect(refusal).rejects.toThrow(
      typeof words === 'string' ? new RegExp(`^${RegExp.escape(start + words)}$`) : words,
    );
    await expect(refusal).rejects.toThrow(start);
  });

  test('an agent would say it in other words, and so does a container instance', async () => {
    const task = { launchType: 'EC2' as const };
    const missing = `${partial()}x`;
    const refusals: readonly (readonly [string, string])[] = [
      [
        '/none',
        'fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /none',
      ],
      [
        `${db}:password::`,
        'retrieved secret from Secrets Manager did not contain json key password',
      ],
      [
        missing,
        `secret ${missing}: ResourceNotFoundException: The task can't retrieve the secret with ARN '${missing}' from AWS Secrets Manager. Check whether the secret exists in the specified Region: ResourceNotFoundException: Secrets Manager can't find the specified secret.`,
      ],
    ];
    for (const [valueFrom, words] of refusals) {
      const order = orderOf([{ name: 'A', valueFrom }], { task, content: { executionRoleArn } });
      await expect(configure()(order)).rejects.toThrow(
        new RegExp(`^${RegExp.escape(`ResourceInitializationError: ${words}`)}$`),
      );
    }
  });
});

describe('Environment files', () => {
  const s3 = new S3Double();
  let url: string;
  beforeAll(async () => {
    url = await s3.open();
    s3.objects.set('config/app/first.env', '# app\nCOLOUR=red\nQUOTED="a b"\n');
    s3.objects.set('config/second.env', 'COLOUR=blue\r\nSIZE=10\r\n');
    s3.objects.set('config/app.txt', 'A=1');
    s3.objects.set('config/nul.env', 'A=b\0c');
    s3.objects.set('config/huge.env', Buffer.alloc(5_000_000, 'A'));
  });
  afterAll(() => s3.close());

  const filesOf = async (configure: ConfigureTask, ...keys: readonly string[]) => {
    const environmentFiles = keys.map((key) => ({
      type: 's3' as const,
      value: `arn:aws:s3:::${key}`,
    }));
    const content = { executionRoleArn };
    const found = await configure(anOrder([{ image: 'app', environmentFiles }], { content }));
    return Object.fromEntries(found.get('main')?.fileVariables ?? []);
  };

  test('are read by their paths as the execution role, and the first that has a name counts', async () => {
    const configure = configurer({ s3: url });
    expect(await filesOf(configure, 'config/app/first.env', 'config/second.env')).toEqual({
      COLOUR: 'red',
      QUOTED: '"a b"',
      SIZE: '10',
    });
    expect(s3.askers).toEqual([account, account]);
  });

  const failed =
    'ResourceInitializationError: failed to download env files: file download command: non-empty error stream: ';
  test.each([
    ['config/none.env', 'NoSuchKey: The specified key does not exist.'],
    ['config/app.txt', "the file's name must end in .env"],
    ['config/huge.env', 'ObjectTooLarge: It has more than 4194304 bytes.'],
  ])('%s is refused', async (key, words) => {
    await expect(filesOf(configurer({ s3: url }), key)).rejects.toThrow(
      new RegExp(`^${RegExp.escape(failed + words)}$`),
    );
  });

  test('with a NUL are refused without what they have', async () => {
    await expect(filesOf(configurer({ s3: url }), 'config/nul.env')).rejects.toThrow(
      /the value of A contains a NUL character/,
    );
  });

  test('cannot be had where no S3 is named', async () => {
    await expect(filesOf(configurer({}), 'config/second.env')).rejects.toThrow(
      `${failed}no endpoint of S3 is named: the server takes --aws-endpoint s3=URL`,
    );
  });
});

describe('The credentials of a private registry', () => {
  const configured = async (credentialsParameter: string, task = {}) => {
    const content = { executionRoleArn };
    const repositoryCredentials = { credentialsParameter };
    const order = anOrder([{ image: 'app', repositoryCredentials }], { content, task });
    return (await configurer({})(order)).get('main')?.registry;
  };

  test('are those of the secret, by its ARN or its name', async () => {
    for (const reference of [registry, 'registry']) {
      expect(await configured(reference)).toEqual({ username: 'app', password: 'hunter2' });
    }
  });

  test('that are no use stop the task before its pull', async () => {
    const start =
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ' +
      'unable to retrieve secret from asm: service call has been retried 1 time(s): ';
    await expect(configured(db)).rejects.toThrow(
      `${start}asm fetching password: AuthorizationData is malformed, empty field`,
    );
    await expect(configured(`${partial()}x`)).rejects.toThrow(
      `${start}failed to fetch secret ${partial()}x from secrets manager: ResourceNotFoundException: `,
    );
    await expect(configured('none', { launchType: 'EC2' })).rejects.toThrow(
      "CannotPullContainerAuthError: asm fetching secret from the service for none: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    );
  });
});

describe('A registry of ECR', () => {
  const ecr = new EcrDouble('a token');
  let url: string;
  beforeAll(async () => (url = await ecr.open()));
  afterAll(() => ecr.close());
  const image = `${account}.dkr.ecr.eu-west-1.amazonaws.com/app:1`;
  const registryOf = async (configure: ConfigureTask, given: object = {}, task = {}) => {
    const content = { executionRoleArn };
    const found = await configure(anOrder([{ image, ...given }], { content, task }));
    return found.get('main')?.registry;
  };
  const start = 'ResourceInitializationError: unable to pull secrets or registry auth:';

  test('is pulled from with a token', async () => {
    expect(await registryOf(configurer({ ecr: url }))).toEqual({
      username: 'AWS',
      password: 'a token',
    });
    expect(ecr.asked).toEqual([{ registryIds: [account], by: account }]);
  });

  test('is pulled from with a secret that is named', async () => {
    const repositoryCredentials = { credentialsParameter: registry };
    const credentialsOfSecret = { username: 'app', password: 'hunter2' };
    const configure = configurer({ ecr: url });
    expect(await registryOf(configure, { repositoryCredentials })).toEqual(credentialsOfSecret);
  });

  test('is pulled from like any other where no ECR is named', async () => {
    expect(await registryOf(configurer({}))).toBeUndefined();
  });

  test('that gives no token stops the task in the words of ECS', async () => {
    const words =
      'User: web is not authorized to perform: ecr:GetAuthorizationToken on resource: *';
    ecr.refusal = { code: 'AccessDeniedException', message: words };
    const configure = configurer({ ecr: url });
    await expect(registryOf(configure)).rejects.toThrow(
      `${start} execution resource retrieval failed: unable to retrieve ecr registry auth: ` +
        `service call has been retried 1 time(s): AccessDeniedException: ${words}`,
    );
    await expect(registryOf(configure, {}, { launchType: 'EC2' })).rejects.toThrow(
      `CannotPullECRContainerError: AccessDeniedException: ${words}`,
    );
  });

  test('whose API cannot be reached stops the task in the words of ECS', async () => {
    await expect(registryOf(configurer({ ecr: 'http://127.0.0.1:1' }))).rejects.toThrow(
      `${start} The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and ` +
        'Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: ECONNREFUSED',
    );
  });
});

test('An endpoint that cannot be reached is told of without a piece of any answer', async () => {
  // Nothing ever listens on the first port.
  const away = 'http://127.0.0.1:1';
  const configure = configurer({ ssm: away, secretsmanager: away });
  await expect(valuesOf(configure, [db])).rejects.toThrow(
    `ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. failed to fetch secret ${db} from secrets manager: RequestError: send request failed caused by: ECONNREFUSED`,
  );
  await expect(valuesOf(configure, ['colour'])).rejects.toThrow(
    'There is a connection issue between the task and AWS Systems Manager Parameter Store.',
  );
});

test('A task reads as its execution role, and only what its account has', async () => {
  const asked: (string | undefined)[] = [];
  const configure = configurer({ ssm: server.url }, async (asker) => {
    asked.push(asker.executionRoleArn);
    return { accessKeyId: '999999999999', secretAccessKey: 'secret' };
  });
  await expect(valuesOf(configure, ['colour'])).rejects.toThrow('invalid parameters: colour');
  expect(asked).toEqual([executionRoleArn]);
  const foreign = db.replace(account, '999999999999');
  await expect(valuesOf(configurer({}), [foreign])).rejects.toThrow(
    /AccessDeniedException: User: arn:aws:sts::012345678910:assumed-role\/execution\/[0-9a-f]{32} is not authorized to perform: secretsmanager:GetSecretValue on resource/,
  );
});
