import { lastPathElement, scopeOfArn } from '../arn.ts';
import type { InstanceSpec } from '../cloud-map/discovery-instance.ts';
import type { ContainerInstance } from '../container-instance/container-instance.ts';
import { present } from '../present.ts';
import { serviceGroupPrefix } from '../service/service.ts';
import { taskHealth, type NetworkBinding, type Task } from '../task/task.ts';
import type { InstanceHealth, Registered, ServiceRegistry } from './service-registry.ts';

/** What an instance of Cloud Map tells besides what its task knows. */
export interface InstancePlace {
  /** Absent where the task is on none. */
  readonly host: ContainerInstance | undefined;
  readonly taskSetExternalId: string | undefined;
}

/** What Cloud Map is to be told of a task now. */
export function registeredOf(task: Task, registry: ServiceRegistry): Registered {
  return { health: healthOf(task), ...present({ port: portOf(task, registry) }) };
}

/**
 * A task without health checks is healthy for as long as it runs. One with them is so once they have said it; that they
 * do not tell for a while changes nothing.
 */
function healthOf(task: Task): InstanceHealth {
  const isChecked = task.containers.some((one) => one.essential && one.hasHealthCheck);
  if (!isChecked) return 'HEALTHY';
  const health = taskHealth(task);
  return health === 'UNKNOWN' ? (task.registered?.health ?? 'UNHEALTHY') : health;
}

/** With an address of its own a task is reached at the port that it listens on, else at one of its host. */
function portOf(
  { networkInterface, containers }: Task,
  { port, containerName, containerPort }: ServiceRegistry,
): number | undefined {
  if (port !== undefined || containerPort === undefined) return port;
  if (networkInterface) return containerPort;
  const bindings = containers.find(({ name }) => name === containerName)?.networkBindings ?? [];
  return bindings
    .map((binding) => hostPortOf(binding, containerPort))
    .find((hostPort) => hostPort !== undefined);
}

function hostPortOf(binding: NetworkBinding, port: number): number | undefined {
  if (!('containerPortRange' in binding)) {
    return binding.containerPort === port ? binding.hostPort : undefined;
  }
  const [first = NaN, last = NaN] = binding.containerPortRange.split('-').map(Number);
  const [hostFirst = NaN] = binding.hostPortRange.split('-').map(Number);
  return first <= port && port <= last ? hostFirst + port - first : undefined;
}

/** Where a task is reached: at its own address, or else at that of its machine; undefined where that is not known. */
export function addressOf(
  { networkInterface }: Task,
  host: ContainerInstance | undefined,
): string | undefined {
  if (networkInterface) return networkInterface.address?.privateIpv4Address;
  return host?.privateIpv4Address ?? host?.connectedFrom;
}

/** Machines outside EC2 have ids of their own. */
const onEc2 = /^i-/;

/** The task as Cloud Map is told of it (Developer Guide, "Service discovery"). */
export function instanceOfTask(
  task: Task,
  { health, port }: Registered,
  { host, taskSetExternalId }: InstancePlace,
): InstanceSpec {
  const { availabilityZone, clusterArn, family, group } = task;
  return {
    instanceId: lastPathElement(task.arn),
    attributes: present({
      AWS_INIT_HEALTH_STATUS: health,
      AWS_INSTANCE_IPV4: addressOf(task, host),
      AWS_INSTANCE_PORT: port?.toString(),
      AVAILABILITY_ZONE: availabilityZone,
      REGION: scopeOfArn(task.arn).region,
      ECS_SERVICE_NAME: group.slice(serviceGroupPrefix.length),
      ECS_CLUSTER_NAME: lastPathElement(clusterArn),
      ECS_TASK_DEFINITION_FAMILY: family,
      EC2_INSTANCE_ID: onEc2.test(host?.ec2InstanceId ?? '') ? host?.ec2InstanceId : undefined,
      ECS_TASK_SET_EXTERNAL_ID: taskSetExternalId,
    }),
  };
}
