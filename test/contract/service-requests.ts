import type { CreateServiceRequest, ECS, Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { AwsCalls } from '../../src/server.ts';
import { startManualServer, type ManualServer } from './manual-server.ts';
import { aDefinition } from './requests.ts';

/** A request for the service `shop` with two tasks of the family `web` on Fargate, but for what is given. */
export function aServiceRequest(given: Partial<CreateServiceRequest> = {}): CreateServiceRequest {
  return {
    serviceName: 'shop',
    taskDefinition: 'web',
    desiredCount: 2,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a1b'] } },
    ...given,
  };
}

/** Registers a revision of the family `web` with this image, which no task has to be the first to resolve. */
export async function register(ecs: ECS, image = 'simulated/run'): Promise<void> {
  const app = { name: 'app', image, versionConsistency: 'disabled' as const };
  await ecs.registerTaskDefinition(aDefinition({ containerDefinitions: [app] }));
}

/** A server whose default cluster can take services of the family `web`. */
export async function startServiceServer(
  image?: string,
  awsCalls?: AwsCalls,
): Promise<ManualServer> {
  const manual = await startManualServer(awsCalls);
  await manual.ecs.createCluster();
  await register(manual.ecs, image);
  return manual;
}

export async function describeService(ecs: ECS, name = 'shop'): Promise<Service> {
  const { services } = await ecs.describeServices({ services: [name] });
  const [service] = services ?? [];
  if (!service) throw new Error(`There is no service ${name}.`);
  return service;
}

/** What events say, oldest first, with `T` for each id of a task and `N` for the digits of a deployment. */
export function eventTexts({ events = [] }: Service): string[] {
  return events
    .map(({ message = '' }) => message.replaceAll(/[0-9a-f]{32}/g, 'T').replaceAll(/\d{19}/g, 'N'))
    .toReversed();
}

/** The tasks of a service that are not STOPPED or to be so. */
export async function serviceTasks(ecs: ECS, serviceName = 'shop'): Promise<string[]> {
  const { taskArns = [] } = await ecs.listTasks({ serviceName });
  return taskArns;
}

/** All service deployments of `shop`, newest first. */
export async function serviceDeployments(ecs: ECS): Promise<ServiceDeployment[]> {
  const { serviceDeployments: listed = [] } = await ecs.listServiceDeployments({ service: 'shop' });
  const arns = listed.map(({ serviceDeploymentArn = '' }) => serviceDeploymentArn);
  const described = await ecs.describeServiceDeployments({ serviceDeploymentArns: arns });
  return described.serviceDeployments ?? [];
}

/** The newest service deployment of `shop`. */
export async function newest(ecs: ECS): Promise<ServiceDeployment> {
  const [deployment] = await serviceDeployments(ecs);
  if (!deployment) throw new Error('There is no service deployment.');
  return deployment;
}
