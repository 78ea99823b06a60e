import type {
  ClusterConfiguration,
  ClusterServiceConnectDefaultsRequest,
  ClusterSetting,
} from '@aws-sdk/client-ecs';
import type { ClusterArn } from '../arn.ts';
import type { StrategyItem } from '../capacity-provider/strategy.ts';
import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';

export type ClusterStatus = 'PROVISIONING' | 'ACTIVE' | 'DEPROVISIONING' | 'INACTIVE' | 'FAILED';

/** A value of the one setting that clusters have. */
export type ContainerInsights = 'enabled' | 'disabled' | 'enhanced';

export type AttachmentsStatus = 'UPDATE_IN_PROGRESS' | 'UPDATE_COMPLETE' | 'UPDATE_FAILED';

/** Something that ECS set up for the cluster; `sc` is its default Service Connect namespace. */
export interface ClusterAttachment {
  readonly id: string;
  readonly type: 'sc';
  readonly status: 'PRECREATED' | 'ATTACHED' | 'DELETED';
}

/** What CreateCluster was asked for, member by member: a repeat is compared with it. */
export interface CreateArguments {
  readonly tags?: readonly Tag[];
  readonly settings?: readonly ClusterSetting[];
  readonly configuration?: ClusterConfiguration;
  readonly capacityProviders?: readonly string[];
  readonly defaultCapacityProviderStrategy?: readonly StrategyItem[];
  readonly serviceConnectDefaults?: ClusterServiceConnectDefaultsRequest;
}

export interface Cluster {
  readonly arn: ClusterArn;
  readonly name: string;
  readonly status: ClusterStatus;
  readonly containerInsights: ContainerInsights;
  /** Exactly the members that were given: ECS fills in no defaults here. */
  readonly configuration?: ClusterConfiguration;
  readonly capacityProviders: readonly string[];
  readonly defaultCapacityProviderStrategy: readonly StrategyItem[];
  /** ARN of the default Service Connect namespace. */
  readonly serviceConnectNamespaceArn?: string;
  readonly attachments: readonly ClusterAttachment[];
  /** Absent while the cluster has never had an attachment. */
  readonly attachmentsStatus?: AttachmentsStatus;
  readonly tags: readonly Tag[];
  readonly createdWith: CreateArguments;
  /** When it became INACTIVE. It stays describable for a while. */
  readonly inactiveAt?: Instant;
}
