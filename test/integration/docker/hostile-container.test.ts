import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { ContainerDefinition, ECS } from '@aws-sdk/client-ecs';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EndpointSocket, taskEndpointHost } from '../../../src/compute/docker/endpoint-socket.ts';
import { parseCredentials } from '../../../src/protocol/credentials.ts';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { refusalOf } from '../../contract/refusal-of.ts';
import { aDefinition } from '../../contract/requests.ts';
import { clientOf } from '../../contract/server.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld, testImage } from './docker-world.ts';
import { runToEnd } from './output-of.ts';

/** The access key of `clientOf` is the account's id. */
const account = '111111111111';
const credentials = parseCredentials(
  JSON.stringify({
    credentials: [{ accessKeyId: account, secretAccessKey: 'secret', accountId: account }],
  }),
);
const world = new DockerWorld();
const compute = world.compute({
  endpoint: new EndpointSocket({ host: taskEndpointHost, port: 0, log: silentLog }),
});
let server: RunningServer;
let loopbackServer: RunningServer;
let ecs: ECS;

beforeAll(async () => {
  const usual = { logs: memoryLogs(), clock: systemClock, log: silentLog, onFailure };
  server = await startServer({
    ...usual,
    store: await new MemoryDisk().open(),
    compute,
    credentials,
    listen: { host: '0.0.0.0', port: 0 },
  });
  const { SimulatedCompute } = await import('../../../src/compute/simulated/simulated-compute.ts');
  loopbackServer = await startServer({
    ...usual,
    logs: memoryLogs(),
    store: await new MemoryDisk().open(),
    compute: new SimulatedCompute({ clock: systemClock }),
    credentials: undefined,
    listen: { host: '127.0.0.1', port: 0 },
  });
  ecs = clientOf(`http://127.0.0.1:${server.address.port}`, account);
  await ecs.createCluster();
});
afterAll(async () => {
  ecs.destroy();
  await loopbackServer.close();
  await server.close();
  await world.close();
});

function onFailure(error: Error): never {
  throw error;
}

/** What a task wrote whose container ran the script to its end, as root. */
async function wroteOf(
  script: string,
  given: Partial<ContainerDefinition> = {},
): Promise<readonly string[]> {
  const app = { name: 'app', image: testImage, command: ['sh', '-c', script] };
  const containerDefinitions = [{ ...app, ...given }];
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions }));
  return (await runToEnd(ecs, server, compute)).output;
}

/** Capability 13 of Linux, as a bit. */
const netRaw = 1n << 13n;

/** What the machine is to a container: the gateway of its network. */
const machine = `$(ip route | sed -n 's/^default via \\([0-9.]*\\) .*/\\1/p')`;

test('a container has nothing of the control plane without credentials, where they are required', async () => {
  const secrets = new SecretsManager({
    endpoint: `http://127.0.0.1:${server.address.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: account, secretAccessKey: 'secret' },
  });
  await secrets.createSecret({ Name: 'db', SecretString: 'hunter2' });
  secrets.destroy();
  const { port } = server.address;
  const target = (name: string) =>
    `--header 'X-Amz-Target: ${name}' --header 'Content-Type: application/x-amz-json-1.1' --post-data='{"SecretId":"db"}'`;
  const forged =
    "--header 'Authorization: AWS4-HMAC-SHA256 Credential=" +
    `${account}/20260101/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}'`;
  const wrote = await wroteOf(
    `url=http://${machine}:${port}
     wget -qO- ${target('AmazonEC2ContainerServiceV20141113.ListTasks')} $url/ 2>&1
     wget -qO- ${target('secretsmanager.GetSecretValue')} $url/ 2>&1
     wget -qO- ${target('secretsmanager.GetSecretValue')} ${forged} $url/ 2>&1
     for path in events logs explain; do wget -qO- "$url/longshore/$path?task=x&container=app" 2>&1; done
     wget -qO- $url/healthz; echo`,
  );
  const refused = /^wget: server returned error: HTTP\/1\.1 40[03] /;
  expect(wrote.slice(0, 6).map((line) => refused.test(line) || line)).toEqual(
    Array.from({ length: 6 }, () => true),
  );
  // It was the right address: what is for everyone is answered.
  expect(wrote[6]).not.toMatch(/wget/);
});

test('a container does not reach a control plane that listens on loopback', async () => {
  const { port } = loopbackServer.address;
  const wrote = await wroteOf(
    `for host in ${machine} 127.0.0.1 ${taskEndpointHost}; do wget -qO- http://$host:${port}/healthz 2>&1; done`,
  );
  expect(wrote).toHaveLength(3);
  for (const line of wrote) expect(line).toMatch(/can't connect|timed out|refused/);
});

test('a container has nothing of the files of its host', async () => {
  const folder = join(world.dataDirectory, 'private');
  mkdirSync(folder);
  writeFileSync(join(folder, 'key'), 'hunter2');
  const device = deviceOfRoot();
  const wrote = await wroteOf(
    `cat ${folder}/key 2>/dev/null && echo read
     cat /proc/1/root${folder}/key /proc/self/root${folder}/key 2>/dev/null && echo read by proc
     ls /var/run/docker.sock 2>/dev/null && echo has the Engine
     mknod /tmp/disk b ${device} 2>/dev/null; head -c 1 /tmp/disk 2>/dev/null && echo read the disk
     mkdir -p /mnt; mount -t tmpfs none /mnt 2>/dev/null && echo mounted
     mount --bind / /mnt 2>/dev/null && echo bound
     (echo x > /proc/sysrq-trigger) 2>/dev/null && echo wrote to the kernel
     (echo '|/bin/sh' > /proc/sys/kernel/core_pattern) 2>/dev/null && echo set the handler of crashes
     echo done`,
  );
  expect(wrote).toEqual(['done']);
});

test('a container can make no packets of its own, not even as root', async () => {
  const [line = ''] = await wroteOf('grep CapBnd /proc/self/status');
  const [, bounding = ''] = /^CapBnd:\t([0-9a-f]{16})$/.exec(line) ?? [];
  expect(BigInt(`0x${bounding}`) & netRaw).toBe(0n);
});

test('a task on Fargate cannot ask for what is of the host', async () => {
  const app = { name: 'app', image: testImage };
  const registered = (given: Parameters<typeof aDefinition>[0]) =>
    refusalOf(ecs.registerTaskDefinition(aDefinition(given)));
  expect(await registered({ containerDefinitions: [{ ...app, privileged: true }] })).toMatch(
    /privileged/i,
  );
  expect(await registered({ volumes: [{ name: 'host', host: { sourcePath: '/' } }] })).toMatch(
    /sourcePath|host/i,
  );
  expect(await registered({ pidMode: 'host' })).toMatch(/pid ?mode/i);
  const linuxParameters = { capabilities: { add: ['SYS_ADMIN'] } };
  expect(await registered({ containerDefinitions: [{ ...app, linuxParameters }] })).toMatch(
    /SYS_PTRACE|capabilities|SYS_ADMIN/,
  );
});

/** Major and minor number of the device that holds this machine's root, as the kernel tells them. */
function deviceOfRoot(): string {
  const root = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , , , place]) => place === '/');
  return (root?.[2] ?? '8:0').replace(':', ' ');
}
