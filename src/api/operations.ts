import { describeDaemonRevisions } from './daemons/describe-daemon-revisions.ts';
import { describeDaemonDeployments } from './daemons/describe-daemon-deployments.ts';
import { listDaemonDeployments } from './daemons/list-daemon-deployments.ts';
import { listDaemons } from './daemons/list-daemons.ts';
import { describeDaemon } from './daemons/describe-daemon.ts';
import { deleteDaemon } from './daemons/delete-daemon.ts';
import { updateDaemon } from './daemons/update-daemon.ts';
import { createDaemon } from './daemons/create-daemon.ts';
import { listDaemonTaskDefinitions } from './daemon-task-definitions/list-daemon-task-definitions.ts';
import { deleteDaemonTaskDefinition } from './daemon-task-definitions/delete-daemon-task-definition.ts';
import { describeDaemonTaskDefinition } from './daemon-task-definitions/describe-daemon-task-definition.ts';
import { registerDaemonTaskDefinition } from './daemon-task-definitions/register-daemon-task-definition.ts';
import { createCapacityProvider } from './capacity-providers/create-capacity-provider.ts';
import { deleteCapacityProvider } from './capacity-providers/delete-capacity-provider.ts';
import { describeCapacityProviders } from './capacity-providers/describe-capacity-providers.ts';
import { updateCapacityProvider } from './capacity-providers/update-capacity-provider.ts';
import { putClusterCapacityProviders } from './clusters/put-cluster-capacity-providers.ts';
import { deleteAccountSetting } from './account-settings/delete-account-setting.ts';
import { listAccountSettings } from './account-settings/list-account-settings.ts';
import { putAccountSettingDefault } from './account-settings/put-account-setting-default.ts';
import { putAccountSetting } from './account-settings/put-account-setting.ts';
import { createCluster } from './clusters/create-cluster.ts';
import { deleteCluster } from './clusters/delete-cluster.ts';
import { describeClusters } from './clusters/describe-clusters.ts';
import { listClusters } from './clusters/list-clusters.ts';
import { updateCluster } from './clusters/update-cluster.ts';
import { updateClusterSettings } from './clusters/update-cluster-settings.ts';
import { createService } from './services/create-service.ts';
import { deleteService } from './services/delete-service.ts';
import { describeServices } from './services/describe-services.ts';
import { listServices } from './services/list-services.ts';
import { updateService } from './services/update-service.ts';
import { listServiceDeployments } from './services/list-service-deployments.ts';
import { describeServiceDeployments } from './services/describe-service-deployments.ts';
import { describeServiceRevisions } from './services/describe-service-revisions.ts';
import { stopServiceDeployment } from './services/stop-service-deployment.ts';
import { executeCommand } from './tasks/execute-command.ts';
import { getTaskProtection } from './tasks/get-task-protection.ts';
import { updateTaskProtection } from './tasks/update-task-protection.ts';
import { registerTaskDefinition } from './task-definitions/register-task-definition.ts';
import { describeTaskDefinition } from './task-definitions/describe-task-definition.ts';
import { listTaskDefinitions } from './task-definitions/list-task-definitions.ts';
import { listTaskDefinitionFamilies } from './task-definitions/list-task-definition-families.ts';
import { deregisterTaskDefinition } from './task-definitions/deregister-task-definition.ts';
import { deleteTaskDefinitions } from './task-definitions/delete-task-definitions.ts';
import { runTask } from './tasks/run-task.ts';
import { startTask } from './tasks/start-task.ts';
import { stopTask } from './tasks/stop-task.ts';
import { describeTasks } from './tasks/describe-tasks.ts';
import { listTasks } from './tasks/list-tasks.ts';
import { registerContainerInstance } from './container-instances/register-container-instance.ts';
import { deregisterContainerInstance } from './container-instances/deregister-container-instance.ts';
import { describeContainerInstances } from './container-instances/describe-container-instances.ts';
import { listContainerInstances } from './container-instances/list-container-instances.ts';
import { updateContainerInstancesState } from './container-instances/update-container-instances-state.ts';
import { updateContainerAgent } from './container-instances/update-container-agent.ts';
import { putAttributes } from './container-instances/put-attributes.ts';
import { deleteAttributes } from './container-instances/delete-attributes.ts';
import { listAttributes } from './container-instances/list-attributes.ts';
import { discoverPollEndpoint } from './agent/discover-poll-endpoint.ts';
import { submitAttachmentStateChanges } from './agent/submit-attachment-state-changes.ts';
import { submitContainerStateChange } from './agent/submit-container-state-change.ts';
import { submitTaskStateChange } from './agent/submit-task-state-change.ts';
import { tagResource } from './tags/tag-resource.ts';
import { untagResource } from './tags/untag-resource.ts';
import { listTagsForResource } from './tags/list-tags-for-resource.ts';
import { createTaskSet } from './task-sets/create-task-set.ts';
import { deleteTaskSet } from './task-sets/delete-task-set.ts';
import { describeTaskSets } from './task-sets/describe-task-sets.ts';
import { updateServicePrimaryTaskSet } from './task-sets/update-service-primary-task-set.ts';
import { updateTaskSet } from './task-sets/update-task-set.ts';
import { continueServiceDeployment } from './services/continue-service-deployment.ts';
import { listServicesByNamespace } from './services/list-services-by-namespace.ts';
import { notBuilt } from './not-built.ts';
import type { OperationTable } from './operation.ts';

/** Every operation of ECS, in one place: what is not built yet says so. */
export const operations: OperationTable = {
  AssociateGatewayWithCluster: notBuilt('AssociateGatewayWithCluster'),
  ContinueServiceDeployment: continueServiceDeployment,
  CreateCapacityProvider: createCapacityProvider,
  CreateCluster: createCluster,
  CreateDaemon: createDaemon,
  CreateExpressGatewayService: notBuilt('CreateExpressGatewayService'),
  CreateGateway: notBuilt('CreateGateway'),
  CreateService: createService,
  CreateTaskSet: createTaskSet,
  DeleteAccountSetting: deleteAccountSetting,
  DeleteAttributes: deleteAttributes,
  DeleteCapacityProvider: deleteCapacityProvider,
  DeleteCluster: deleteCluster,
  DeleteDaemon: deleteDaemon,
  DeleteDaemonTaskDefinition: deleteDaemonTaskDefinition,
  DeleteExpressGatewayService: notBuilt('DeleteExpressGatewayService'),
  DeleteGateway: notBuilt('DeleteGateway'),
  DeleteService: deleteService,
  DeleteTaskDefinitions: deleteTaskDefinitions,
  DeleteTaskSet: deleteTaskSet,
  DeregisterContainerInstance: deregisterContainerInstance,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  DescribeCapacityProviders: describeCapacityProviders,
  DescribeClusters: describeClusters,
  DescribeContainerInstances: describeContainerInstances,
  DescribeDaemon: describeDaemon,
  DescribeDaemonDeployments: describeDaemonDeployments,
  DescribeDaemonRevisions: describeDaemonRevisions,
  DescribeDaemonTaskDefinition: describeDaemonTaskDefinition,
  DescribeExpressGatewayService: notBuilt('DescribeExpressGatewayService'),
  DescribeGateway: notBuilt('DescribeGateway'),
  DescribeGatewayResources: notBuilt('DescribeGatewayResources'),
  DescribeGatewayRoute: notBuilt('DescribeGatewayRoute'),
  DescribeServiceDeployments: describeServiceDeployments,
  DescribeServiceRevisions: describeServiceRevisions,
  DescribeServices: describeServices,
  DescribeTaskDefinition: describeTaskDefinition,
  DescribeTaskSets: describeTaskSets,
  DescribeTasks: describeTasks,
  DisassociateGatewayFromCluster: notBuilt('DisassociateGatewayFromCluster'),
  DiscoverPollEndpoint: discoverPollEndpoint,
  ExecuteCommand: executeCommand,
  GetTaskProtection: getTaskProtection,
  ListAccountSettings: listAccountSettings,
  ListAttributes: listAttributes,
  ListClusters: listClusters,
  ListContainerInstances: listContainerInstances,
  ListDaemonDeployments: listDaemonDeployments,
  ListDaemonTaskDefinitions: listDaemonTaskDefinitions,
  ListDaemons: listDaemons,
  ListGatewayClusterAssociations: notBuilt('ListGatewayClusterAssociations'),
  ListGatewayRoutes: notBuilt('ListGatewayRoutes'),
  ListGateways: notBuilt('ListGateways'),
  ListServiceDeployments: listServiceDeployments,
  ListServicesByNamespace: listServicesByNamespace,
  ListServices: listServices,
  ListTagsForResource: listTagsForResource,
  ListTaskDefinitionFamilies: listTaskDefinitionFamilies,
  ListTaskDefinitions: listTaskDefinitions,
  ListTasks: listTasks,
  PutAccountSetting: putAccountSetting,
  PutAccountSettingDefault: putAccountSettingDefault,
  PutAttributes: putAttributes,
  PutClusterCapacityProviders: putClusterCapacityProviders,
  RegisterContainerInstance: registerContainerInstance,
  RegisterDaemonTaskDefinition: registerDaemonTaskDefinition,
  RegisterTaskDefinition: registerTaskDefinition,
  RunTask: runTask,
  StartTask: startTask,
  StopServiceDeployment: stopServiceDeployment,
  StopTask: stopTask,
  SubmitAttachmentStateChanges: submitAttachmentStateChanges,
  SubmitContainerStateChange: submitContainerStateChange,
  SubmitTaskStateChange: submitTaskStateChange,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateCapacityProvider: updateCapacityProvider,
  UpdateCluster: updateCluster,
  UpdateClusterSettings: updateClusterSettings,
  UpdateContainerAgent: updateContainerAgent,
  UpdateContainerInstancesState: updateContainerInstancesState,
  UpdateDaemon: updateDaemon,
  UpdateExpressGatewayService: notBuilt('UpdateExpressGatewayService'),
  UpdateGateway: notBuilt('UpdateGateway'),
  UpdateService: updateService,
  UpdateServicePrimaryTaskSet: updateServicePrimaryTaskSet,
  UpdateTaskProtection: updateTaskProtection,
  UpdateTaskSet: updateTaskSet,
};
