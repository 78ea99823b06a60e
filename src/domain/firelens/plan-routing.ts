import type {
  ContainerDefinition,
  TaskDefinitionContent,
} from '../task-definition/task-definition.ts';
import type { RouterSyntax } from './router-syntax.ts';
import type { Field, Route, Routing } from './routing.ts';

/** What a routing is planned from. */
export interface RoutedTask {
  readonly router: ContainerDefinition;
  readonly containers: readonly ContainerDefinition[];
  readonly networkMode: TaskDefinitionContent['networkMode'];
  readonly metadata: readonly Field[];
}

/** An option of `awsfirelens` that is Docker's, not the router's. */
export const bufferLimitOption = 'log-driver-buffer-limit';

const defaultMemoryBufferMB = 25;

export function findLogRouter(
  containers: readonly ContainerDefinition[],
): ContainerDefinition | undefined {
  return containers.find(({ firelensConfiguration }) => firelensConfiguration !== undefined);
}

/** Whether a container's lines go to the log router of its task. */
export function isRouted({ logConfiguration }: ContainerDefinition): boolean {
  return logConfiguration?.logDriver === 'awsfirelens';
}

/** What the lines of a container are marked with, so that its output takes them. */
export function logTag(container: string, taskId: string): string {
  return `${container}-firelens-${taskId}`;
}

/** The variable in which the router has a secret of a container's log options. */
export function secretVariable(option: string, containerIndex: number): string {
  return `${option}_${containerIndex}`;
}

/** The ARN of the author's own file, where that is in S3. */
export function routerFileArn({ firelensConfiguration }: ContainerDefinition): string | undefined {
  const options = firelensConfiguration?.options ?? {};
  return options['config-file-type'] === 's3' ? options['config-file-value'] : undefined;
}

/** @returns where it cannot be planned, why, in the words of the ECS agent */
export function planRouting(task: RoutedTask, syntax: RouterSyntax): Routing | string {
  const { router, containers, networkMode } = task;
  const options = router.firelensConfiguration?.options ?? {};
  const fileType = options['config-file-type'];
  const file = options['config-file-value'];
  if (fileType !== undefined && file === undefined) {
    return (
      'error parsing firelens options: ' +
      'option config-file-type is specified but config-file-value is not specified'
    );
  }
  const routes = [...containers.entries()]
    .filter(([, container]) => isRouted(container))
    .map(([index, container]) => routeOf(container, index, syntax));
  const refusal = routes.find((route) => typeof route === 'string');
  if (refusal !== undefined) return refusal;
  return {
    memoryBufferMB: memoryBufferMB(router),
    listenAddress: listenAddress(networkMode),
    metadata: addsMetadata(options['enable-ecs-log-metadata']) ? task.metadata : [],
    externalFile: fileType === 's3' ? syntax.externalPath : file,
    routes: routes.filter((route) => typeof route !== 'string'),
  };
}

function memoryBufferMB({ memory = 0, memoryReservation = 0 }: ContainerDefinition): number {
  return Math.floor((memoryReservation || memory) / 2) || defaultMemoryBufferMB;
}

function listenAddress(networkMode: RoutedTask['networkMode']): string | undefined {
  if (networkMode === 'awsvpc') return '127.0.0.1';
  return networkMode === undefined || networkMode === 'bridge' ? '0.0.0.0' : undefined;
}

/** The agent reads it as Go reads a bool, and takes what is none for false. */
function addsMetadata(value = 'true'): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value);
}

function routeOf(
  { name, logConfiguration }: ContainerDefinition,
  index: number,
  syntax: RouterSyntax,
): Route | string {
  const { outputKey, type } = syntax;
  const { options = {}, secretOptions = [] } = logConfiguration ?? {};
  const {
    [outputKey]: plugin,
    'include-pattern': includePattern,
    'exclude-pattern': excludePattern,
    [bufferLimitOption]: _,
    ...others
  }: Readonly<Record<string, string>> = {
    ...options,
    ...Object.fromEntries(
      secretOptions.map(({ name: option = '' }) => [
        option,
        syntax.reference(secretVariable(option, index)),
      ]),
    ),
  };
  const fields = Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (plugin === undefined && fields.length > 0) return missingOutputKey(name, outputKey, type);
  const output = plugin === undefined ? undefined : { plugin, options: fields };
  return { container: name, includePattern, excludePattern, output };
}

function missingOutputKey(container: string, outputKey: string, type: string): string {
  return (
    'unable to generate firelens config file: unable to generate firelens config: ' +
    `unable to apply log options of container ${container} to firelens config: ` +
    `missing output key ${outputKey} which is required for firelens configuration of type ${type}`
  );
}
