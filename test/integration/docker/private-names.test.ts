import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import type { ContainerDefinition, ECS, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Resolver } from '../../../src/dns/resolver.ts';
import { clusterArn } from '../../../src/domain/arn.ts';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import {
  aPrivateNamespace,
  aRecord,
  aService,
  cloudMapOf,
} from '../../contract/cloud-map-requests.ts';
import { aDefinition, aRun } from '../../contract/requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { anAddress, NameServerDouble } from '../../fixtures/name-server-double.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld, testImage } from './docker-world.ts';

const world = new DockerWorld();
const patience = { timeout: 30_000, interval: 50 };
/** Of the link-local addresses one that no other test has. */
const host = `169.254.${randomInt(16, 160)}.${randomInt(1, 255)}`;
const accountId = newAccount();
const cluster = clusterArn({ partition: 'aws', region: 'us-east-1', accountId }, 'default');
/** Root may give this machine an address, and listen on the port of DNS. */
const mayListen = spawnSync('ip', ['address', 'replace', '127.0.0.1/8', 'dev', 'lo']).status === 0;

let outside: NameServerDouble;
let server: RunningServer;
let resolver: Resolver;
let ecs: ECS;
let url: string;

beforeAll(async () => {
  if (!mayListen) return;
  outside = await NameServerDouble.open((name) =>
    name === 'outside.example' ? { answers: [anAddress(name, '192.0.2.1')] } : { code: 3 },
  );
  const upstreams = () => Promise.resolve([outside.upstream]);
  resolver = new Resolver({ host, port: 53, clock: systemClock, log: silentLog, upstreams });
  const compute = world.compute({ resolver });
  server = await startServer({
    store: await new MemoryDisk().open(),
    compute,
    logs: memoryLogs(),
    names: { resolver, taskAt: (address) => compute.facts.taskAt(address) },
    clock: systemClock,
    log: silentLog,
    credentials: undefined,
    containerInstanceOf: cluster,
    listen: { host: '127.0.0.1', port: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  url = `http://127.0.0.1:${server.address.port}`;
  ecs = clientOf(url, accountId);
  await ecs.createCluster();
  const isInstance = async () =>
    (await ecs.listContainerInstances({})).containerInstanceArns?.length === 1;
  await vi.waitUntil(isInstance, patience);
});
afterAll(async () => {
  if (mayListen) {
    ecs.destroy();
    await server.close();
    await outside.close();
    execFileSync('ip', ['address', 'delete', `${host}/32`, 'dev', 'lo']);
  }
  await world.close();
});

/** Gives `web.{namespace}` an address, in the account or in another. */
async function register(namespace: string, address: string, owner = accountId): Promise<void> {
  const cloudMap = cloudMapOf(url, owner);
  const named = await aPrivateNamespace(cloudMap, namespace);
  const given = { Name: 'web', DnsConfig: aRecord };
  const { Id: ServiceId } = await aService(cloudMap, named, given);
  const Attributes = { AWS_INSTANCE_IPV4: address };
  await cloudMap.registerInstance({ ServiceId, InstanceId: 'one', Attributes });
  cloudMap.destroy();
}

type Given = Partial<RegisterTaskDefinitionRequest>;

async function start(given: Partial<ContainerDefinition>, of: Given = {}, launchType?: 'EC2') {
  const app = { name: 'app', image: testImage, memory: 64, ...given };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app], ...of }));
  const { networkConfiguration, ...rest } = aRun();
  const how = launchType ? { launchType } : { networkConfiguration };
  const { tasks: [task] = [] } = await ecs.runTask({ ...rest, ...how });
  const arn = task?.taskArn ?? '';
  return {
    arn,
    until: (status: string) =>
      expect.poll(() => describeTask(arn), patience).toMatchObject({ lastStatus: status }),
  };
}

async function describeTask(arn: string) {
  return (await ecs.describeTasks({ tasks: [arn] })).tasks?.[0];
}

/** What a container writes that runs the script to its end. */
async function outputOf(script: string, of: Given = {}, launchType?: 'EC2'): Promise<string> {
  const task = await start({ command: ['sh', '-c', `{ ${script}; } 2>&1`] }, of, launchType);
  await task.until('STOPPED');
  const answer = await fetch(`${url}/longshore/logs?task=${task.arn}&container=app`);
  return answer.text();
}

describe.runIf(mayListen)('a container', () => {
  test('finds another task by its name, and what is outside as the machine does', async () => {
    const serve = 'echo hello from web > /tmp/index.html && exec httpd -f -p 80 -h /tmp';
    const web = await start({ command: ['sh', '-c', serve] });
    await web.until('RUNNING');
    const details = (await describeTask(web.arn))?.attachments?.[0]?.details ?? [];
    const address = details.find(({ name }) => name === 'privateIPv4Address')?.value ?? '';
    await register('shop.local', address);
    await register('theirs.local', '10.0.0.9', newAccount());

    const absent = ['none.shop.local', 'web.theirs.local'];
    const output = await outputOf(
      [
        'wget -qO- http://web.shop.local/',
        'nslookup -type=a web.shop.local',
        'nslookup -type=a outside.example',
        ...absent.map((name) => `nslookup -type=a ${name}`),
        'wget -qO- http://none.example/',
      ].join('; '),
    );
    expect(output).toContain('hello from web');
    expect(output).toMatch(new RegExp(`Name:\\s+web.shop.local\\s+Address: ${address}\\n`));
    expect(output).toMatch(/Name:\s+outside.example\s+Address: 192.0.2.1\n/);
    for (const name of absent) {
      expect(output).toContain(`can't find ${name}: NXDOMAIN`);
    }
    expect(output).toContain("wget: bad address 'none.example'");
    expect(outside.asked.filter((question) => question.includes('shop.local'))).toEqual([]);
    await ecs.stopTask({ task: web.arn });
  });

  test('on the bridge is told of the resolver as well, and answered', async () => {
    await register('bridge.local', '10.0.0.7');
    const ec2: Given = { networkMode: 'bridge', requiresCompatibilities: ['EC2'] };
    // By its address: some programs ask all servers at once.
    const script = `cat /etc/resolv.conf; nslookup -type=a web.bridge.local ${host}`;
    const output = await outputOf(script, ec2, 'EC2');
    expect(output).toContain(`nameserver ${host}\n`);
    expect(output).toMatch(/Name:\s+web.bridge.local\s+Address: 10.0.0.7\n/);
  });
});
