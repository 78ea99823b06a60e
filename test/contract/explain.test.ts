import { expect, test } from 'vitest';
import { explainCommand } from '../../src/cli/explain.ts';
import type { Explanation } from '../../src/domain/explain/explanation.ts';
import { aDefinition, aRun } from './requests.ts';
import type { ManualServer } from './manual-server.ts';
import { aServiceRequest, describeService, startServiceServer } from './service-requests.ts';
import { startTestServer } from './server.ts';

const minuteMs = 60_000;

async function explain({ server }: ManualServer, query: Record<string, string>) {
  const search = new URLSearchParams(query).toString();
  const response = await fetch(`${server.url}/longshore/explain?${search}`);
  // What the server has just written, in a test of it.
  return (await response.json()) as Explanation;
}

/** Runs a task that fails, and gives its ARN. */
async function runFailingTask({ ecs, advance }: ManualServer): Promise<string> {
  const { tasks = [] } = await ecs.runTask(aRun());
  await advance(minuteMs);
  return tasks[0]?.taskArn ?? '';
}

test('a stopped task is explained: its cause, the time of its phases, its last lines', async () => {
  await using manual = await startServiceServer('simulated/exit:3');
  const arn = await runFailingTask(manual);
  const explanation = await explain(manual, { task: arn });
  expect(explanation).toMatchObject({
    kind: 'task',
    arn,
    status: 'STOPPED',
    summary: 'Its essential container "app" ended with exit code 3, which its program chose.',
    waits: [],
    parts: [{ name: 'app', status: 'STOPPED' }],
  });
  expect(explanation.phases.map(({ name }) => name)).toContain('pulling images');
});

test('a task that a failed dependency kept from starting names it, also after it has been forgotten', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const init = { name: 'init', image: 'simulated/exit:4', essential: false };
  const dependsOn = [{ containerName: 'init', condition: 'SUCCESS' as const }];
  const app = { name: 'app', image: 'simulated/run', dependsOn };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [init, app] }));
  const arn = await runFailingTask(manual);
  const summary =
    'It could not start: container "app" waited for "init" to be SUCCESS, ' +
    'and "init" ended with exit code 4, which its program chose.';
  expect(await explain(manual, { task: arn })).toMatchObject({ summary });
  await advance(61 * minuteMs);
  expect(await explain(manual, { task: arn })).toMatchObject({ summary });
});

/** Registers a revision of `web` whose container `app` waits for its container `db`. */
async function registerWaiting(
  { ecs }: ManualServer,
  condition: 'HEALTHY' | 'SUCCESS',
  image: string,
): Promise<void> {
  const versionConsistency = 'disabled' as const;
  const check = condition === 'HEALTHY' ? { healthCheck: { command: ['CMD', 'true'] } } : {};
  const db = { name: 'db', image, essential: false, versionConsistency, ...check };
  const dependsOn = [{ containerName: 'db', condition }];
  const app = { name: 'app', image: 'simulated/run', versionConsistency, dependsOn };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [db, app] }));
}

test.for(['ECS', 'EXTERNAL'] as const)(
  'a service of the deployment controller %s says of a task whose dependency failed what the task says',
  async (controller) => {
    await using manual = await startServiceServer();
    const { ecs, advance } = manual;
    await registerWaiting(manual, 'SUCCESS', 'simulated/exit:4');
    if (controller === 'ECS') {
      await ecs.createService(aServiceRequest({ desiredCount: 1 }));
    } else {
      await ecs.createService({
        serviceName: 'shop',
        desiredCount: 1,
        deploymentController: { type: 'EXTERNAL' },
      });
      const scale = { value: 100, unit: 'PERCENT' as const };
      await ecs.createTaskSet({ ...aRun(), service: 'shop', cluster: 'default', scale });
    }
    await advance(minuteMs);
    const { taskArns: stopped = [] } = await ecs.listTasks({ desiredStatus: 'STOPPED' });
    const account = stopped[0]?.split(':')[4] ?? '';
    const { waits } = await explain(manual, { service: 'shop', cluster: 'default', account });
    const ended = waits.find(({ text }) => text.startsWith('the newest of its tasks to end'));
    expect(stopped).toContain(ended?.taskArn);
    const { summary } = await explain(manual, { task: ended?.taskArn ?? '' });
    expect(ended?.text).toMatch(summary.replace(/\.$/, ''));
    expect(summary).toBe(
      'It could not start: container "app" waited for "db" to be SUCCESS, ' +
        'and "db" ended with exit code 4, which its program chose.',
    );
  },
);

test('a task that waits for health that does not come is given up after three hours, and its service says why', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  await registerWaiting(manual, 'HEALTHY', 'simulated/unhealthy');
  const { service } = await ecs.createService(aServiceRequest({ desiredCount: 1 }));
  const query = { service: service?.serviceArn ?? '' };
  await advance(minuteMs);
  expect((await explain(manual, query)).summary).toMatch(
    /^0 of 1 tasks run\. It waits: task \w+ is PENDING: container "app" waits for "db" to be HEALTHY\.$/,
  );
  const [arn = ''] = (await ecs.listTasks()).taskArns ?? [];
  await advance(178 * minuteMs);
  const tasks = [arn];
  expect((await ecs.describeTasks({ tasks })).tasks).toMatchObject([
    { lastStatus: 'PENDING', desiredStatus: 'RUNNING' },
  ]);
  await advance(2 * minuteMs);
  expect((await ecs.describeTasks({ tasks })).tasks).toMatchObject([
    {
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Task failed to start',
    },
  ]);
  const given =
    'It could not start: container "app" waited for "db" to be HEALTHY, and was given up after three hours';
  expect(await explain(manual, { task: arn })).toMatchObject({ summary: `${given}.` });
  const { waits } = await explain(manual, query);
  expect(waits.map(({ text }) => text)).toContainEqual(expect.stringContaining(given));
  // Another one is tried, as after any failure to start.
  expect((await ecs.listTasks()).taskArns).toHaveLength(1);
});

test('the life of a task can be explained after ECS has forgotten the task, until history ends', async () => {
  await using manual = await startServiceServer('simulated/exit:3');
  const { ecs, advance } = manual;
  const arn = await runFailingTask(manual);
  const before = await explain(manual, { task: arn });
  await advance(61 * minuteMs);
  expect((await ecs.describeTasks({ tasks: [arn] })).failures).toMatchObject([
    { reason: 'MISSING' },
  ]);
  expect(await explain(manual, { task: arn })).toEqual(before);
});

test('what the containers of a task wrote last is told, also after it has been forgotten', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const lines = Array.from({ length: 30 }, (_, number) => `line ${number}`);
  const dockerLabels = { 'longshore.simulated.output': lines.join('\n') };
  const app = { name: 'app', image: 'simulated/exit:0', dockerLabels };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
  const arn = await runFailingTask(manual);
  const output = [{ container: 'app', lines: lines.slice(-20) }];
  expect(await explain(manual, { task: arn })).toMatchObject({ output });
  await advance(61 * minuteMs);
  expect(await explain(manual, { task: arn })).toMatchObject({ output });
});

test('a service on its way is explained by the tasks that hold it up', async () => {
  await using manual = await startServiceServer();
  const { ecs, advance } = manual;
  const { service } = await ecs.createService(aServiceRequest());
  const serviceArn = service?.serviceArn ?? '';
  await advance(1);
  const early = await explain(manual, { service: serviceArn });
  expect(early.waits).toHaveLength(2);
  expect(early.summary).toMatch(/^0 of 2 tasks run\. It waits: task \w{32} is PROVISIONING/);
  await advance(minuteMs);
  const steady = await explain(manual, { service: serviceArn });
  expect(steady).toMatchObject({ status: 'ACTIVE', waits: [] });
  expect(steady.summary).toMatch(/^It is steady since 2026-09-16T09:00:0\S+: 2 of 2 tasks run\.$/);
});

test('a deployment that fails is explained, by its ARN and by its id', async () => {
  await using manual = await startServiceServer('simulated/exit:1');
  const { ecs, advance } = manual;
  const breaker = { enable: true, rollback: false };
  await ecs.createService(
    aServiceRequest({ deploymentConfiguration: { deploymentCircuitBreaker: breaker } }),
  );
  await advance(10 * minuteMs);
  const { deployments = [] } = await describeService(ecs);
  const { serviceDeployments = [] } = await ecs.listServiceDeployments({ service: 'shop' });
  const deployment = serviceDeployments[0]?.serviceDeploymentArn ?? '';
  const explanation = await explain(manual, { deployment });
  expect(explanation).toMatchObject({ kind: 'deployment', arn: deployment, status: 'STOPPED' });
  expect(explanation.summary).toContain('because the circuit breaker threshold was exceeded');
  const account = deployment.split(':')[4] ?? '';
  const id = deployments[0]?.id ?? '';
  expect(await explain(manual, { deployment: id, account })).toEqual(explanation);
});

test('the command prints for people, by ARN or by short name', async () => {
  await using manual = await startServiceServer();
  const { ecs, server, advance } = manual;
  const { service } = await ecs.createService(aServiceRequest());
  await advance(minuteMs);
  const arn = service?.serviceArn ?? '';
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: arn.split(':')[4] };
  const byArn = await explainCommand([arn], env);
  expect(byArn).toMatchObject({ exitCode: 0, error: '' });
  expect(byArn.output).toMatch(/^service shop {2}ACTIVE\n/);
  expect(byArn.output).toContain('has reached a steady state.');
  expect(await explainCommand(['shop', '--cluster', 'default'], env)).toEqual(byArn);
  const { output } = await explainCommand(['shop', '--json'], env);
  expect(JSON.parse(output)).toMatchObject({ kind: 'service', arn });
});

test.for([
  { args: [], exitCode: 2, error: 'Name one task, service or deployment.' },
  { args: ['--nonsense'], exitCode: 2, error: "Unknown option '--nonsense'" },
  { args: ['shop'], exitCode: 1, error: 'There is no such thing' },
  { args: ['a b'], exitCode: 1, error: 'Invalid service name.' },
])('the command says what is wrong with $args', async ({ args, exitCode, error }) => {
  await using server = await startTestServer();
  const result = await explainCommand(args, { AWS_ENDPOINT_URL: server.url });
  expect(result).toMatchObject({ exitCode, output: '', error: expect.stringContaining(error) });
});

test('the command says that there is no server', async () => {
  const server = await startTestServer();
  await server.close();
  const result = await explainCommand(['shop', '--endpoint', server.url], {});
  expect(result).toMatchObject({ exitCode: 1, output: '' });
  expect(result.error).toContain(`There is no server at ${server.url}: `);
});
