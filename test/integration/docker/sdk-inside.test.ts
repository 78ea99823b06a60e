import type { ECS } from '@aws-sdk/client-ecs';
import { existsSync, realpathSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EndpointSocket, taskEndpointHost } from '../../../src/compute/docker/endpoint-socket.ts';
import { parseCredentials } from '../../../src/protocol/credentials.ts';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { aDefinition } from '../../contract/requests.ts';
import { clientOf } from '../../contract/server.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld, testImage } from './docker-world.ts';
import { runToEnd } from './output-of.ts';

/** The access key of `clientOf` is the account's id. */
const account = '111111111111';
const region = 'eu-west-3';
const role = `arn:aws:iam::${account}:role/app`;
const credentials = parseCredentials(
  JSON.stringify({
    credentials: [{ accessKeyId: account, secretAccessKey: 'secret', accountId: account }],
  }),
);
const project = realpathSync('.');

/** This machine's Node with what it needs, read by the container where it is here. */
const folders = ['/lib', '/lib64', '/usr/lib', project].filter((path) => existsSync(path));
const fileSystems = new Map(
  folders.map((path, index) => [`fs-0000000${index}`, { kind: 'Folder', path } as const]),
);
const world = new DockerWorld();
const endpoint = new EndpointSocket({ host: taskEndpointHost, port: 0, log: silentLog });
const compute = world.compute({ endpoint, fileSystems });
let server: RunningServer;
let ecs: ECS;

beforeAll(async () => {
  server = await startServer({
    store: await new MemoryDisk().open(),
    logs: memoryLogs(),
    compute,
    taskEndpoint: { facts: compute.facts, serve: (receive) => (endpoint.receive = receive) },
    clock: systemClock,
    log: silentLog,
    credentials,
    listen: { host: '0.0.0.0', port: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  ecs = clientOf(`http://127.0.0.1:${server.address.port}`, account, region);
  await ecs.createCluster();
});
afterAll(async () => {
  ecs.destroy();
  await server.close();
  await world.close();
});

/** All that the program is told is where AWS is. */
const program = `
  import { STS } from '@aws-sdk/client-sts';
  const sts = new STS();
  const { accessKeyId, sessionToken } = await sts.config.credentials();
  const { Arn, Account } = await sts.getCallerIdentity();
  const hasToken = sessionToken !== undefined;
  const region = await sts.config.region();
  const metadata = await (await fetch(process.env.ECS_CONTAINER_METADATA_URI_V4 + '/task')).json();
  console.log(JSON.stringify({ region, hasToken, Arn, Account, task: metadata.TaskARN, accessKeyId }));
`;

test("a program with AWS's SDK finds its region, its metadata and credentials by itself", async () => {
  const aws = `http://${taskEndpointHost}:${server.address.port}`;
  const names = [...fileSystems.keys()];
  const app = {
    name: 'app',
    image: testImage,
    command: [`${project}/node_modules/.bin/node`, '--input-type=module', '--eval', program],
    workingDirectory: project,
    environment: [{ name: 'AWS_ENDPOINT_URL', value: aws }],
    mountPoints: names.map((sourceVolume, index) => ({
      sourceVolume,
      containerPath: folders[index],
      readOnly: true,
    })),
  };
  await ecs.registerTaskDefinition(
    aDefinition({
      cpu: '2048',
      memory: '4096',
      taskRoleArn: role,
      containerDefinitions: [app],
      volumes: names.map((name) => ({
        name,
        efsVolumeConfiguration: { fileSystemId: name },
      })),
    }),
  );
  const { taskArn, output } = await runToEnd(ecs, server, compute);
  expect(output).toEqual([expect.stringMatching(/^\{.*\}$/)]);
  expect(JSON.parse(output.join())).toEqual({
    region,
    hasToken: true,
    Arn: `arn:aws:sts::${account}:assumed-role/app/${taskArn.split('/').at(-1)}`,
    Account: account,
    task: taskArn,
    accessKeyId: expect.stringMatching(/^ASIA/),
  });
});
