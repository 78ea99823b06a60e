import { AccountSettingTable } from './account-setting-table.ts';
import { CapacityProviderTable } from './capacity-provider-table.ts';
import { ClientTokenTable } from './client-token-table.ts';
import { ClusterTable } from './cluster-table.ts';
import { ContainerInstanceTable } from './container-instance-table.ts';
import { NamespaceTable } from './namespace-table.ts';
import { Placements } from './placements.ts';
import type { Journal } from './table.ts';
import { FamilyTable, TaskDefinitionTable } from './task-definition-table.ts';
import { TaskTable } from './task-table.ts';

/** All records, and the questions that ECS asks of them. */
export class Tables {
  readonly accountSettings: AccountSettingTable;
  readonly capacityProviders: CapacityProviderTable;
  readonly clusters: ClusterTable;
  readonly namespaces: NamespaceTable;
  readonly families: FamilyTable;
  readonly taskDefinitions: TaskDefinitionTable;
  readonly containerInstances: ContainerInstanceTable;
  readonly tasks: TaskTable;
  readonly clientTokens: ClientTokenTable;

  readonly #placements: Placements;

  constructor(journal: Journal) {
    this.accountSettings = new AccountSettingTable(journal);
    this.capacityProviders = new CapacityProviderTable(journal);
    this.clusters = new ClusterTable(journal);
    this.namespaces = new NamespaceTable(journal);
    this.families = new FamilyTable(journal);
    this.taskDefinitions = new TaskDefinitionTable(journal);
    this.containerInstances = new ContainerInstanceTable(journal);
    this.tasks = new TaskTable(journal);
    this.clientTokens = new ClientTokenTable(journal);
    this.#placements = new Placements(this);
  }

  /** Derived from the others, and so no table itself. */
  get placements(): Placements {
    return this.#placements;
  }
}

type Writing = 'put' | 'delete' | 'restore' | 'observe';

/** The same records without the means to change them. */
export type ReadonlyTables = {
  readonly [Name in keyof Tables]: Omit<Tables[Name], Writing>;
};
