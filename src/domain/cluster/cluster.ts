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

/** The default Service Connect namespace of a cluster, as something that is attached to it. */
export interface NamespaceAttachment {
  readonly id: string;
  readonly type: 'sc';
  readonly status: 'PRECREATED' | 'ATTACHED' | 'DELETED';
}

/** What ECS sets up at the Auto Scaling group of an associated capacity provider. */
export interface ProviderAttachment {
  readonly id: string;
  readonly type: 'as_policy' | 'managed_draining';
  readonly status: 'PRECREATED' | 'CREATED' | 'DELETING' | 'DELETED';
  readonly capacityProvider: string;
  /** Name of the scaling policy, or of the lifecycle hook. */
  readonly resourceName: string;
}

export type ClusterAttachment = NamespaceAttachment | ProviderAttachment;

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
