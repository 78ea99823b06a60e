import { definitionOfTask } from './state/definition-of-task.ts';
import { AwsEndpoints, type AwsClientSettings, type AwsService } from './aws/aws-endpoints.ts';
import { scopeOfArn } from './domain/arn.ts';
import type { Task } from './domain/task/task.ts';
import type { CredentialsFile } from './protocol/credentials.ts';
import { roleCredentials } from './role-credentials.ts';
import type { State } from './state/state.ts';
import { TaskRoles } from './task-roles.ts';

export interface TaskCallParts {
  readonly credentials: CredentialsFile | undefined;
  readonly awsEndpoints?: AwsEndpoints;
}

/** Makes the settings of clients that call a service of AWS as a task would: as its role. */
export class TaskCalls {
  readonly #state: State;
  readonly #endpoints: AwsEndpoints;
  readonly #credentialsOf: ReturnType<typeof roleCredentials>;

  constructor(state: State, { credentials, awsEndpoints = new AwsEndpoints() }: TaskCallParts) {
    this.#state = state;
    this.#endpoints = awsEndpoints;
    this.#credentialsOf = roleCredentials(new TaskRoles({ credentials, awsEndpoints }));
  }

  /** Undefined where the operator has named no endpoint of the service. */
  async settingsOf(service: AwsService, task: Task): Promise<AwsClientSettings | undefined> {
    const settings = this.#endpoints.settingsOf(service, scopeOfArn(task.arn).region);
    if (!settings) return undefined;
    const credentials = await this.#credentialsOf(this.#roleOf(task), task.arn);
    return { ...settings, ...(credentials && { credentials }) };
  }

  #roleOf(task: Task): string | undefined {
    const definition = definitionOfTask(this.#state.read, task);
    return task.overrides.taskRoleArn || definition?.content.taskRoleArn;
  }
}
