import {
  bufferLimitOption,
  findLogRouter,
  isRouted,
  logTag,
  secretVariable,
} from '../../../domain/firelens/plan-routing.ts';
import { forwardPort } from '../../../domain/firelens/routing.ts';
import { syntaxOf } from '../../../domain/firelens/router-syntaxes.ts';
import type { TaskOrder } from '../../compute.ts';
import type { Variable } from '../../task-configuration.ts';
import { taskIdOf, type ContainerSpec } from '../container-spec.ts';
import type { LogConfigBody, MountBody } from '../engine-types.ts';
import { dockerName } from '../names.ts';
import type { LaidRouter } from './lay-router.ts';
import type { TaskHost } from '../task-host.ts';
import { Uncreatable } from '../uncreatable.ts';

/** What FireLens adds to what a container is created with. */
export interface RoutedBody {
  /** How the Engine sends the container's lines to the log router. */
  readonly logConfig: LogConfigBody | undefined;
  readonly mounts: readonly MountBody[];
  readonly variables: readonly Variable[];
}

export interface RoutedContainer {
  readonly order: TaskOrder;
  readonly spec: ContainerSpec;
  readonly router: LaidRouter;
  /** The secrets among a container's log options. */
  readonly secretOptions: (container: string) => readonly Variable[];
}

/** @throws Uncreatable */
export async function routedBody(host: TaskHost, container: RoutedContainer): Promise<RoutedBody> {
  const { order, spec, router } = container;
  const { definition } = spec;
  const isRouter = definition.firelensConfiguration !== undefined;
  const sends = isRouted(definition);
  return {
    mounts: isRouter ? router.mounts : [],
    variables: [
      ...(isRouter ? routerVariables(container) : []),
      ...(sends ? await hostVariables(host, order, isRouter) : []),
    ],
    logConfig: sends ? logConfig(container) : undefined,
  };
}

function logConfig({ order, spec, router }: RoutedContainer): LogConfigBody {
  const limit = spec.definition.logConfiguration?.options?.[bufferLimitOption];
  return {
    Type: 'fluentd',
    Config: {
      tag: logTag(spec.name, taskIdOf(order)),
      'fluentd-address': `unix://${router.socketPath}`,
      'fluentd-async': 'true',
      'fluentd-sub-second-precision': 'true',
      ...(limit !== undefined && { 'fluentd-buffer-limit': limit }),
    },
  };
}

/** The router has the secrets of all whose lines it takes. */
function routerVariables({ order, spec, secretOptions }: RoutedContainer): readonly Variable[] {
  const { containerDefinitions } = order.taskDefinition.content;
  const secrets = [...containerDefinitions.entries()]
    .filter(([, container]) => isRouted(container))
    .flatMap(([index, { name }]) =>
      secretOptions(name).map(([option, value]): Variable => [
        secretVariable(option, index),
        value,
      ]),
    );
  return [...secrets, ...syntaxOf(spec.definition).environment];
}

/** Where an application can send lines by itself. */
async function hostVariables(
  host: TaskHost,
  order: TaskOrder,
  isRouter: boolean,
): Promise<readonly Variable[]> {
  const address = await routerAddress(host, order, isRouter);
  if (address === undefined) return [];
  return [
    ['FLUENT_HOST', address],
    ['FLUENT_PORT', forwardPort],
  ];
}

async function routerAddress(
  { engine }: TaskHost,
  order: TaskOrder,
  isRouter: boolean,
): Promise<string | undefined> {
  const { containerDefinitions, networkMode = 'bridge' } = order.taskDefinition.content;
  if (networkMode === 'awsvpc' || (isRouter && networkMode === 'bridge')) return '127.0.0.1';
  const router = findLogRouter(containerDefinitions);
  if (networkMode !== 'bridge' || !router) return undefined;
  const { NetworkSettings } = await engine.inspectContainer(dockerName(order, router.name));
  const address = NetworkSettings.Networks['bridge']?.IPAddress;
  if (address) return address;
  throw new Uncreatable('DockerClientConfigError: unable to get BridgeIP for task in bridge mode');
}
