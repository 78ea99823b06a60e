import type { ECS, RegisterTaskDefinitionRequest, Task } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EndpointSocket, taskEndpointHost } from '../../../src/compute/docker/endpoint-socket.ts';
import { startServer, type RunningServer } from '../../../src/server.ts';
import { MemoryDisk } from '../../../src/store/memory/memory-store.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { aDefinition, aRun } from '../../contract/requests.ts';
import { clientOf, newAccount } from '../../contract/server.ts';
import { memoryLogs } from '../../fixtures/memory-logs.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { DockerWorld, testImage } from './docker-world.ts';

const world = new DockerWorld();
const patience = { timeout: 30_000, interval: 50 };
const role = 'arn:aws:iam::123456789012:role/app';
let server: RunningServer;
let ecs: ECS;
let url: string;

beforeAll(async () => {
  const endpoint = new EndpointSocket({ host: taskEndpointHost, port: 0, log: silentLog });
  const compute = world.compute({ endpoint });
  server = await startServer({
    store: await new MemoryDisk().open(),
    compute,
    logs: memoryLogs(),
    taskEndpoint: { facts: compute.facts, serve: (receive) => (endpoint.receive = receive) },
    clock: systemClock,
    log: silentLog,
    credentials: undefined,
    listen: { host: '127.0.0.1', port: 0 },
    onFailure: (error) => {
      throw error;
    },
  });
  url = `http://127.0.0.1:${server.address.port}`;
  ecs = clientOf(url, newAccount());
  await ecs.createCluster();
});
afterAll(async () => {
  ecs.destroy();
  await server.close();
  await world.close();
});

type Containers = NonNullable<RegisterTaskDefinitionRequest['containerDefinitions']>;

/** Runs a task whose first container runs the script to its end, and gives what that wrote. */
async function run(
  script: string,
  others: Containers = [],
  given: Partial<RegisterTaskDefinitionRequest> = {},
): Promise<readonly string[]> {
  const app = { name: 'app', image: testImage, command: ['sh', '-c', script] };
  const containerDefinitions = [app, ...others];
  const definition = aDefinition({ containerDefinitions, taskRoleArn: role, ...given });
  await ecs.registerTaskDefinition(definition);
  const tags = [{ key: 'Team', value: 'blue' }];
  const { tasks: [task] = [] } = await ecs.runTask(aRun({ tags }));
  await expect.poll(() => statusOf(task), patience).toBe('STOPPED');
  const answer = await fetch(`${url}/longshore/logs?task=${task?.taskArn}&container=app`);
  return (await answer.text()).trimEnd().split('\n');
}

async function statusOf({ taskArn = '' }: Task = {}): Promise<string | undefined> {
  const { tasks: [task] = [] } = await ecs.describeTasks({ tasks: [taskArn] });
  return task?.lastStatus;
}

const stays = { name: 'stays', image: testImage, command: ['sleep', '60'], stopTimeout: 2 };
const metadata = '$ECS_CONTAINER_METADATA_URI_V4';

/** Functions of the shell: one says what a fault's endpoint answers, the other with what it refuses. */
const askingForFaults = `
  ask() { wget -qO- --post-data "$2" $ECS_AGENT_URI/fault/v1/$1; echo; }
  uri=\${ECS_AGENT_URI#http://}; host=\${uri%%/*}
  refused() {
    printf 'POST /%s/fault/v1/%s HTTP/1.0\\r\\nContent-Length: %s\\r\\n\\r\\n%s' "\${uri#*/}" $1 \${#2} "$2" |
      nc \${host%:*} \${host#*:} | tail -n 1; echo
  }`;

describe('a container on Fargate', () => {
  test('finds what it is, and what its task is', async () => {
    const [container = '', task = '', tagged = ''] = await run(
      `for path in "" /task /taskWithTags; do wget -qO- ${metadata}$path; echo; done`,
      [stays],
    );
    const own = JSON.parse(container);
    expect(own).toMatchObject({
      Name: 'app',
      DockerName: 'app',
      Image: testImage,
      DesiredStatus: 'RUNNING',
      KnownStatus: 'RUNNING',
      Limits: { CPU: 2 },
      Type: 'NORMAL',
      Labels: { 'com.amazonaws.ecs.container-name': 'app' },
      Networks: [{ NetworkMode: 'awsvpc', AttachmentIndex: 0 }],
    });
    expect(own.DockerId).toMatch(/^[0-9a-f]{32}-\d{10}$/);
    expect(own.StartedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    const [network] = own.Networks;
    expect(network.SubnetGatewayIpv4Address).toMatch(/^\d+\.\d+\.\d+\.\d+\/\d+$/);

    const whole = JSON.parse(task);
    expect(whole).toMatchObject({
      Family: 'web',
      LaunchType: 'FARGATE',
      Limits: { CPU: 0.25, Memory: 512 },
      Containers: [{ Name: 'app' }, { Name: 'stays' }],
      FaultInjectionEnabled: false,
      EphemeralStorageMetrics: { Reserved: 20496 },
    });
    // The image counts as well.
    expect(whole.EphemeralStorageMetrics.Utilized).toBeGreaterThan(0);
    expect(whole).not.toHaveProperty('TaskTags');
    expect(JSON.parse(tagged).TaskTags).toEqual({ Team: 'blue' });
  });

  test('finds the older versions of both', async () => {
    const [own = '', task = '', byAddress = ''] = await run(
      `wget -qO- $ECS_CONTAINER_METADATA_URI; echo; wget -qO- $ECS_CONTAINER_METADATA_URI/task; echo
       wget -qO- \${ECS_CONTAINER_METADATA_URI%/v3/*}/v2/metadata; echo`,
    );
    expect(JSON.parse(own)).toMatchObject({ Name: 'app', KnownStatus: 'RUNNING' });
    const whole = { Family: 'web', Containers: [{ Name: 'app' }] };
    expect(JSON.parse(task)).toMatchObject(whole);
    expect(JSON.parse(byAddress)).toMatchObject(whole);
    // What came with version 4 is not there.
    for (const told of [task, byAddress]) {
      expect(JSON.parse(told)).not.toHaveProperty('EphemeralStorageMetrics');
      expect(JSON.parse(told)).not.toHaveProperty('LaunchType');
    }
  });

  test('finds its figures, and those of its whole task', async () => {
    const [first = '', all = ''] = await run(
      `for path in /stats /task/stats; do wget -qO- ${metadata}$path; echo; done`,
    );
    const stats = JSON.parse(first);
    expect(stats.memory_stats.usage).toBeGreaterThan(0);
    expect(stats.networks.eth0.rx_bytes).toBeGreaterThan(0);
    const [key = '', same] = Object.entries(JSON.parse(all))[0] ?? [];
    expect(key).toMatch(/-\d{10}$/);
    expect(same).toMatchObject({ precpu_stats: stats.cpu_stats, network_rate_stats: {} });
  });

  test("finds credentials of its task's role, that no other task can read", async () => {
    const app = { name: 'app', image: testImage, command: ['sleep', '60'], stopTimeout: 2 };
    const given = { containerDefinitions: [app], taskRoleArn: role, family: 'victim' };
    await ecs.registerTaskDefinition(aDefinition(given));
    const { tasks: [victim] = [] } = await ecs.runTask(aRun({ taskDefinition: 'victim' }));
    await expect.poll(() => statusOf(victim), patience).toBe('RUNNING');
    const stolen = server.state.read.tasks.find(victim?.taskArn ?? '')?.credentialsIds?.task;
    expect(stolen).toMatch(/^[0-9a-f-]{36}$/);

    const [own = '', ...theft] = await run(
      `uri=$AWS_CONTAINER_CREDENTIALS_FULL_URI; wget -qO- $uri; echo
       wget -qO- \${uri%/*}/${stolen} 2>&1; wget -qO- \${uri%/*}/ 2>&1`,
    );
    expect(JSON.parse(own)).toMatchObject({ RoleArn: role, Token: expect.any(String) });
    expect(theft).toEqual([
      'wget: server returned error: HTTP/1.1 400 Bad Request',
      'wget: server returned error: HTTP/1.1 400 Bad Request',
    ]);
    await ecs.stopTask({ task: victim?.taskArn });
  });

  test.runIf(process.getuid?.() === 0)('can have its network black-holed', async () => {
    const hole = '{"Port":8000,"Protocol":"tcp","TrafficType":"ingress"}';
    const delay = '{"DelayMilliseconds":9,"JitterMilliseconds":0,"Sources":["0.0.0.0/0"]}';
    const lines = await run(
      `${askingForFaults}
       mkdir /w; echo page > /w/index.html; httpd -p 8000 -h /w
       get() { wget -qO- http://127.0.0.1:8000/; }
       get; ask network-blackhole-port/start '${hole}'
       sh -c 'timeout 1 wget -qO- http://127.0.0.1:8000/; exit $?' 2> /dev/null || echo lost
       ask network-blackhole-port/status '${hole}'
       ask network-blackhole-port/stop '${hole}'; get
       refused network-latency/start '${delay}'; ask network-latency/status ''`,
      [],
      { enableFaultInjection: true },
    );
    expect(lines).toEqual([
      'page',
      '{"Status":"running"}',
      'lost',
      '{"Status":"running"}',
      '{"Status":"stopped"}',
      'page',
      '{"Error":"network-latency is not possible on this host: Longshore injects network-blackhole-port alone"}',
      '{"Status":"not-running"}',
    ]);
  });

  test('has no faults unless its task definition enables them, and one of each kind in five seconds', async () => {
    const lines = await run(
      `${askingForFaults}
       for body in '{"Port":80,"Protocol":"icmp"}' ''; do refused network-blackhole-port/start "$body"; done
       refused network-packet-loss/stop ''`,
    );
    expect(lines).toEqual([
      '{"Error":"required parameter TrafficType is missing"}',
      '"Too many requests"',
      expect.stringMatching(
        /^\{"Error":"enableFaultInjection is not enabled for task: arn:aws:ecs:/,
      ),
    ]);
  });

  test('is told what it asks wrongly', async () => {
    const lines = await run(
      `base=\${ECS_AGENT_URI%/api/*}
       for path in /v4/nobody /v4/nobody/task /elsewhere; do wget -qO- $base$path 2>&1; done
       wget -qO- --post-data={} $ECS_AGENT_URI/fault/v1/network-latency/start 2>&1
       wget -qO- $ECS_AGENT_URI/task-protection/v1/state`,
    );
    expect(lines.slice(0, 4)).toEqual([
      'wget: server returned error: HTTP/1.1 404 Not Found',
      'wget: server returned error: HTTP/1.1 404 Not Found',
      'wget: server returned error: HTTP/1.1 404 Not Found',
      'wget: server returned error: HTTP/1.1 400 Bad Request',
    ]);
    // Only tasks of services take protection.
    expect(JSON.parse(lines[4] ?? '')).toMatchObject({ failure: { Reason: 'TASK_NOT_VALID' } });
  });
});
