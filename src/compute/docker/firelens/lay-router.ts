import { lastPathElement } from '../../../domain/arn.ts';
import { planRouting } from '../../../domain/firelens/plan-routing.ts';
import type { RouterSyntax } from '../../../domain/firelens/router-syntax.ts';
import { syntaxOf } from '../../../domain/firelens/router-syntaxes.ts';
import { routerSocketFolder, routerSocketName } from '../../../domain/firelens/routing.ts';
import { socketOwner, type SocketOwner } from '../../../domain/firelens/socket-owner.ts';
import type { ContainerDefinition } from '../../../domain/task-definition/task-definition.ts';
import type { TaskOrder } from '../../compute.ts';
import { createOnce } from '../create-once.ts';
import type { MountBody } from '../engine-types.ts';
import { labelKeys, routerVolumeName } from '../names.ts';
import { pauseProgramPath } from '../pause-image.ts';
import { tarOf, type TarEntry } from '../tar.ts';
import type { TaskHost } from '../task-host.ts';

/** Where the log router of a task has what it needs. */
export interface LaidRouter {
  /** What Docker sends the lines of the other containers to, on the Engine's machine. */
  readonly socketPath: string;
  /** What of it the router's container has. */
  readonly mounts: readonly MountBody[];
}

/** A task with a log router; its containers are as they are to run. */
export interface RoutedOrder {
  readonly order: TaskOrder;
  readonly router: ContainerDefinition;
  readonly containers: readonly ContainerDefinition[];
}

/** The log router cannot be configured; the message is ECS's reason. */
export class RouterUnavailable extends Error {
  constructor(words: string) {
    super(`ResourceInitializationError: ${words}`);
  }
}

/** Of a Unix socket's path, without the NUL behind it. */
const longestSocketPath = 107;

/**
 * Lays out what the log router of a task finds in its container, in a volume of the task: thus it is where the Engine
 * is, be that this machine or not. What is there already is written anew.
 * @param externalFile the text of the author's own file, where that is in S3
 * @throws RouterUnavailable
 */
export async function layRouter(
  host: TaskHost,
  { order, router, containers }: RoutedOrder,
  externalFile: string | undefined,
): Promise<LaidRouter> {
  const syntax = syntaxOf(router);
  const owner = orRefused(socketOwner(router.user));
  const configuration = configurationOf({ order, router, containers }, syntax);
  const files = { configuration, ...(externalFile !== undefined && { external: externalFile }) };
  const volume = await makeVolume(host, order);
  const socketPath = `${volume.path}/socket/${routerSocketName}`;
  if (socketPath.length > longestSocketPath) throw new RouterUnavailable(tooLong(socketPath));
  await fill(host, order, volume.name, entriesOf(owner, files));
  return { socketPath, mounts: mountsOf(volume.path, syntax, files) };
}

interface RouterFiles {
  readonly configuration: string;
  readonly external?: string;
}

function configurationOf(
  { order: { task, taskDefinition }, router, containers }: RoutedOrder,
  syntax: RouterSyntax,
): string {
  const { networkMode } = taskDefinition.content;
  const metadata = [
    ['ecs_cluster', lastPathElement(task.clusterArn)],
    ['ecs_task_arn', task.arn],
    ['ecs_task_definition', `${taskDefinition.family}:${taskDefinition.revision}`],
  ] as const;
  return syntax.text(orRefused(planRouting({ router, containers, networkMode, metadata }, syntax)));
}

function orRefused<Plan>(plan: Plan | string): Plan {
  if (typeof plan === 'string') throw new RouterUnavailable(plan);
  return plan;
}

function entriesOf(owner: SocketOwner, files: RouterFiles): readonly TarEntry[] {
  return [
    { name: 'socket', mode: 0o755, ...owner },
    { name: 'config', mode: 0o755 },
    ...Object.entries(files).map(([name, text]) => ({
      name: `config/${name}.conf`,
      mode: 0o644,
      content: Buffer.from(text),
    })),
  ];
}

function mountsOf(
  path: string,
  { configurationPath, externalPath }: RouterSyntax,
  { external }: RouterFiles,
): readonly MountBody[] {
  const file = (name: string, Target: string): MountBody => ({
    Type: 'bind',
    Source: `${path}/config/${name}.conf`,
    Target,
    ReadOnly: true,
  });
  return [
    { Type: 'bind', Source: `${path}/socket`, Target: routerSocketFolder, ReadOnly: false },
    file('configuration', configurationPath),
    ...(external === undefined ? [] : [file('external', externalPath)]),
  ];
}

async function makeVolume({ engine, installationId }: TaskHost, order: TaskOrder) {
  const name = routerVolumeName(lastPathElement(order.task.arn));
  const labels = {
    [labelKeys.installation]: installationId,
    [labelKeys.taskArn]: order.task.arn,
  };
  await engine.createVolume({ Name: name, Driver: 'local', DriverOpts: {}, Labels: labels });
  const path = (await engine.findVolume(name))?.Mountpoint;
  if (path === undefined) throw new RouterUnavailable(`volume ${name} has vanished`);
  return { name, path };
}

/** A volume is written to through a container that has it; none has to run for that. */
async function fill(
  host: TaskHost,
  order: TaskOrder,
  volume: string,
  entries: readonly TarEntry[],
): Promise<void> {
  const { engine, installationId, pauses } = host;
  const Target = '/router';
  // One that a killed process has yet to get would hold on to the volume: by its name it is found.
  const carrier = await createOnce(host, `longshore-files-${lastPathElement(order.task.arn)}`, {
    Image: pauses.image,
    Cmd: [pauseProgramPath],
    Labels: {
      [labelKeys.installation]: installationId,
      [labelKeys.role]: 'files',
      [labelKeys.taskArn]: order.task.arn,
    },
    HostConfig: {
      NetworkMode: 'none',
      LogConfig: { Type: 'none', Config: {} },
      Mounts: [{ Type: 'volume', Source: volume, Target, ReadOnly: false }],
    },
  });
  try {
    await engine.putArchive(carrier, Target, tarOf(entries));
  } finally {
    await engine.removeContainer(carrier);
  }
}

/** [inferred wording] */
function tooLong(path: string): string {
  return `the path of the log router's socket is too long for a Unix socket: ${path}`;
}
