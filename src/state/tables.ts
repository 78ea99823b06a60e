import { AccountSettingTable } from './account-setting-table.ts';
import { CapacityProviderTable } from './capacity-provider-table.ts';
import { ClientTokenTable } from './client-token-table.ts';
import { CloudMapOperationTable } from './cloud-map-operation-table.ts';
import { ClusterTable } from './cluster-table.ts';
import { ContainerInstanceTable } from './container-instance-table.ts';
import { DiscoveryInstanceTable } from './discovery-instance-table.ts';
import { DiscoveryServiceTable } from './discovery-service-table.ts';
import { DaemonDeploymentTable, DaemonRevisionTable } from './daemon-part-tables.ts';
import { DaemonTable } from './daemon-table.ts';
import { DaemonFamilyTable, DaemonTaskDefinitionTable } from './daemon-task-definition-table.ts';
import { EventDeliveryTable } from './event-delivery-table.ts';
import { NamespaceTable } from './namespace-table.ts';
import { ParameterTable } from './parameter-table.ts';
import { Placements } from './placements.ts';
import type { LogEntry } from '../store/store.ts';
import {
  ScalableTargetTable,
  ScalingActivityTable,
  ScalingPolicyTable,
  ScalingRunTable,
  ScheduledActionTable,
} from './scaling-tables.ts';
import { SealedValueTable } from './sealed-value-table.ts';
import { SecretTable } from './secret-table.ts';
import { ServiceDeploymentTable } from './service-deployment-table.ts';
import { ServiceRevisionTable } from './service-revision-table.ts';
import { ServiceTable } from './service-table.ts';
import type { Journal } from './table.ts';
import { FamilyTable, TaskDefinitionTable } from './task-definition-table.ts';
import { TaskTable } from './task-table.ts';

/** All records, and the questions that ECS asks of them. */
export class Tables {
  readonly accountSettings: AccountSettingTable;
  readonly capacityProviders: CapacityProviderTable;
  readonly clusters: ClusterTable;
  readonly namespaces: NamespaceTable;
  readonly discoveryServices: DiscoveryServiceTable;
  readonly discoveryInstances: DiscoveryInstanceTable;
  readonly cloudMapOperations: CloudMapOperationTable;
  readonly families: FamilyTable;
  readonly taskDefinitions: TaskDefinitionTable;
  readonly daemonFamilies: DaemonFamilyTable;
  readonly daemonTaskDefinitions: DaemonTaskDefinitionTable;
  readonly daemons: DaemonTable;
  readonly daemonRevisions: DaemonRevisionTable;
  readonly daemonDeployments: DaemonDeploymentTable;
  readonly containerInstances: ContainerInstanceTable;
  readonly services: ServiceTable;
  readonly serviceRevisions: ServiceRevisionTable;
  readonly serviceDeployments: ServiceDeploymentTable;
  readonly tasks: TaskTable;
  readonly clientTokens: ClientTokenTable;
  readonly eventDeliveries: EventDeliveryTable;
  readonly parameters: ParameterTable;
  readonly secrets: SecretTable;
  readonly sealedValues: SealedValueTable;
  readonly scalableTargets: ScalableTargetTable;
  readonly scalingPolicies: ScalingPolicyTable;
  readonly scheduledActions: ScheduledActionTable;
  readonly scalingRuns: ScalingRunTable;
  readonly scalingActivities: ScalingActivityTable;

  readonly #placements: Placements;

  constructor(journal: Journal) {
    this.accountSettings = new AccountSettingTable(journal);
    this.capacityProviders = new CapacityProviderTable(journal);
    this.clusters = new ClusterTable(journal);
    this.namespaces = new NamespaceTable(journal);
    this.discoveryServices = new DiscoveryServiceTable(journal);
    this.discoveryInstances = new DiscoveryInstanceTable(journal);
    this.cloudMapOperations = new CloudMapOperationTable(journal);
    this.families = new FamilyTable(journal);
    this.taskDefinitions = new TaskDefinitionTable(journal);
    this.daemonFamilies = new DaemonFamilyTable(journal);
    this.daemonTaskDefinitions = new DaemonTaskDefinitionTable(journal);
    this.daemons = new DaemonTable(journal);
    this.daemonRevisions = new DaemonRevisionTable(journal);
    this.daemonDeployments = new DaemonDeploymentTable(journal);
    this.containerInstances = new ContainerInstanceTable(journal);
    this.services = new ServiceTable(journal);
    this.serviceRevisions = new ServiceRevisionTable(journal);
    this.serviceDeployments = new ServiceDeploymentTable(journal);
    this.tasks = new TaskTable(journal);
    this.clientTokens = new ClientTokenTable(journal);
    this.eventDeliveries = new EventDeliveryTable(journal);
    this.parameters = new ParameterTable(journal);
    this.secrets = new SecretTable(journal);
    this.sealedValues = new SealedValueTable(journal);
    this.scalableTargets = new ScalableTargetTable(journal);
    this.scalingPolicies = new ScalingPolicyTable(journal);
    this.scheduledActions = new ScheduledActionTable(journal);
    this.scalingRuns = new ScalingRunTable(journal);
    this.scalingActivities = new ScalingActivityTable(journal);
    this.#placements = new Placements(this);
  }

  /** Derived from the others, and so no table itself. */
  get placements(): Placements {
    return this.#placements;
  }
}

/** Where a transaction notes what it adds to the logs. */
export interface Appends {
  append(entry: LogEntry): void;
}

/** Inside `transact`: the records and the logs, and the only way to change them. */
export class Transaction extends Tables {
  readonly #appends: Appends;

  constructor(journal: Journal & Appends) {
    super(journal);
    this.#appends = journal;
  }

  /** Adds a line to a log, durable together with the records that the transaction changes. */
  append(entry: LogEntry): void {
    this.#appends.append(entry);
  }
}

type Writing = 'add' | 'put' | 'delete' | 'deleteOf' | 'restore' | 'observe' | 'keepOnly';

/** The same records without the means to change them. */
export type ReadonlyTables = {
  readonly [Name in keyof Tables]: Omit<Tables[Name], Writing>;
};
