/** ECS shows a stopped task for at least an hour. */
export const stoppedTaskRetentionMs = 60 * 60 * 1000;

/** ECS shows a deregistered container instance for a while that it does not name. */
export const inactiveInstanceRetentionMs = 60 * 60 * 1000;

/** ECS shows an INACTIVE cluster for a while that it does not name. */
export const inactiveClusterRetentionMs = 60 * 60 * 1000;

/** ECS shows an INACTIVE capacity provider for a while that it does not name. */
export const inactiveCapacityProviderRetentionMs = 60 * 60 * 1000;

/** ECS shows an INACTIVE service for a while that it does not name. */
export const inactiveServiceRetentionMs = 60 * 60 * 1000;

/** ECS keeps the history of service deployments for 90 days. */
export const serviceDeploymentRetentionMs = 90 * 24 * 60 * 60 * 1000;

/** Events, messages of services and the lives of stopped tasks are kept this long if nothing else is said. */
export const defaultHistoryDays = 7;

/** ECS shows a DELETED daemon task definition for a while that it does not name. */
export const deletedDaemonTaskDefinitionRetentionMs = 60 * 60 * 1000;
