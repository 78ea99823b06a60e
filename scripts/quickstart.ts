/**
 * `npm run quickstart`: sets up what is missing, starts the server, runs a web server as an ECS task
 * in a real container through the AWS SDK, and shows it.
 */
import { ECSClient, ECSServiceException } from '@aws-sdk/client-ecs';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { ensureDemoImage } from './demo-image.ts';
import { ensureDocker } from './ensure-docker.ts';
import { type Server, ensureServer, serverLog, stopServer } from './quickstart/server.ts';
import { fetchPage, readOutput } from './quickstart/web-page.ts';
import {
  type RunningTask,
  cluster,
  createCluster,
  deleteCluster,
  deregisterTaskDefinition,
  idOf,
  registerTaskDefinition,
  runWebTask,
  stopEarlierTasks,
  stopWebTask,
} from './quickstart/web-task.ts';
import { SetupError, bold, dim, runProgram, step } from './steps.ts';

const usage = `Usage: npm run quickstart -- [options]
  --listen HOST:PORT   where the server listens (127.0.0.1:4510)
  --once               clean up afterwards instead of leaving server and task running`;

const region = 'us-east-1';

await runProgram(async () => {
  const { listen, isOnce } = readOptions();
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  console.log(bold('Longshore quickstart\n'));

  await step('Docker Engine', ensureDocker);
  const image = await step('Demo image', ensureDemoImage);
  const server = await step('Server', (progress) => ensureServer(listen, progress));
  const ecs = new ECSClient({
    endpoint: server.endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  try {
    const task = await showTask(ecs, server, image);
    if (isOnce) await cleanUp(ecs, server, task);
    else sayHowToGoOn(server, task);
  } catch (error) {
    if (isOnce) await stopServer(server);
    throw explained(error);
  } finally {
    ecs.destroy();
  }
});

function readOptions(): { listen: string; isOnce: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        listen: { type: 'string', default: '127.0.0.1:4510' },
        once: { type: 'boolean', default: false },
      },
    });
    return { listen: values.listen, isOnce: values.once };
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : ''}\n${usage}`);
  }
}

async function showTask(ecs: ECSClient, server: Server, image: string): Promise<RunningTask> {
  await step('Create the cluster', () => createCluster(ecs));
  await step('Stop earlier tasks', () => stopEarlierTasks(ecs));
  const taskDefinition = await step('Register the definition', () =>
    registerTaskDefinition(ecs, image),
  );
  const task = await step('Run the task', (progress) => runWebTask(ecs, taskDefinition, progress));
  await step('Fetch its page', () => fetchPage(task));
  const output = await step('Read its output', () => readOutput(server.endpoint, task));
  console.log(`\n${dim(indent(output))}\n`);
  return task;
}

async function cleanUp(ecs: ECSClient, server: Server, task: RunningTask): Promise<void> {
  await step('Stop the task', (progress) => stopWebTask(ecs, task, progress));
  await step('Deregister the definition', () => deregisterTaskDefinition(ecs, task));
  await step('Delete the cluster', () => deleteCluster(ecs));
  await step('Stop the server', () => stopServer(server));
}

function sayHowToGoOn({ endpoint, startedProcess }: Server, { taskArn }: RunningTask): void {
  const stop = startedProcess === undefined ? '' : `, kill ${startedProcess} stops it`;
  console.log(`${bold('The task and the server go on running')} (log: ${serverLog}${stop}). Go on with:

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${region}
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  aws ecs list-tasks --cluster ${cluster}
  aws ecs describe-tasks --cluster ${cluster} --tasks ${idOf(taskArn)}
  aws ecs stop-task --cluster ${cluster} --task ${idOf(taskArn)}
`);
}

/** An error that the server answers with says in itself what went wrong; so does its silence. */
function explained(error: unknown): unknown {
  const where = `The server's log is ${serverLog}.`;
  if (error instanceof ECSServiceException) {
    return new SetupError(`${error.name}: ${error.message}\n${where}`);
  }
  const isCutOff =
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET');
  return isCutOff ? new SetupError(`The server went away. ${where}`) : error;
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '    ');
}
