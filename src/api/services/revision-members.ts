import type {
  Deployment as WireDeployment,
  LoadBalancer,
  ServiceRegistry,
  Service as WireService,
} from '@aws-sdk/client-ecs';
import { present } from '../../domain/present.ts';
import type { ServiceLoadBalancer, ServiceRevision } from '../../domain/service/service.ts';

/** What services, deployments, task sets and revisions show alike. */
export function sharedMembers(
  revision: ServiceRevision,
): Pick<
  WireService,
  'capacityProviderStrategy' | 'launchType' | 'networkConfiguration' | 'platformFamily'
> {
  const { capacityProviderStrategy: strategy, launchType, network, platformFamily } = revision;
  return {
    ...(strategy
      ? { capacityProviderStrategy: strategy.map((item) => ({ ...item })) }
      : { launchType }),
    ...present({
      networkConfiguration: network && { awsvpcConfiguration: network },
      platformFamily,
    }),
  };
}

/** What a revision shows of its volumes; its service and its task sets do not. */
export function volumeMembers({
  volumeConfigurations,
}: ServiceRevision): Pick<WireDeployment, 'volumeConfigurations'> {
  return present({ volumeConfigurations: volumeConfigurations && [...volumeConfigurations] });
}

/** The key with which Fargate encrypts the storage of a revision's tasks; its service does not show it. */
export function storageMembers({
  fargateStorageKmsKeyId: kmsKeyId,
}: ServiceRevision): Pick<WireDeployment, 'fargateEphemeralStorage'> {
  return kmsKeyId === undefined ? {} : { fargateEphemeralStorage: { kmsKeyId } };
}

/** What a revision shows of Service Connect, and with a deployment what that came to in Cloud Map. */
export function connectMembers({
  serviceConnect,
}: ServiceRevision): Pick<
  WireDeployment,
  'serviceConnectConfiguration' | 'serviceConnectResources'
> {
  if (!serviceConnect) return {};
  return {
    serviceConnectConfiguration: serviceConnect.configuration,
    serviceConnectResources: serviceConnect.endpoints.map(({ discoveryName, discoveryArn }) => ({
      discoveryName,
      discoveryArn,
    })),
  };
}

export function registriesView({ serviceRegistries = [] }: ServiceRevision): ServiceRegistry[] {
  return serviceRegistries.map((registry) => ({ ...registry }));
}

export function loadBalancersView({ loadBalancers = [] }: ServiceRevision): LoadBalancer[] {
  return loadBalancers.map(loadBalancerView);
}

function loadBalancerView(one: ServiceLoadBalancer): LoadBalancer {
  const { alternateTargetGroupArn, productionListenerRule, testListenerRule, roleArn } = one;
  return {
    targetGroupArn: one.targetGroupArn,
    containerName: one.containerName,
    containerPort: one.containerPort,
    advancedConfiguration: {
      alternateTargetGroupArn,
      productionListenerRule,
      ...present({ testListenerRule }),
      roleArn,
    },
  };
}
