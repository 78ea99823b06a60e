import type { Scope, TaskArn } from '../domain/arn.ts';
import type { CallFailure } from '../domain/secret/retrieval-failure.ts';
import type { RegistryCredentials } from '../domain/secret/registry-credentials.ts';
import type { VersionReference } from '../domain/secret/secret-reference.ts';
import type { EcrRegistry } from '../domain/task-definition/containers.ts';
import type { S3Location } from '../domain/task/environment-file.ts';

/** On whose behalf something is read, and in which region. */
export interface Asker {
  readonly scope: Scope;
  readonly taskArn: TaskArn;
  readonly executionRoleArn: string | undefined;
}

/** Where the values of tasks' secrets are read. */
export interface ValueSource {
  /**
   * At most ten parameters, by the names that were asked for; those of which there are none are left out.
   * @throws CallRefused
   */
  readParameters(names: readonly string[], asker: Asker): Promise<ReadonlyMap<string, string>>;

  /**
   * The text of a secret; undefined where it is binary.
   * @throws CallRefused
   */
  readSecret(reference: VersionReference, asker: Asker): Promise<string | undefined>;

  /**
   * The text of an environment file.
   * @throws CallRefused
   */
  readFile(location: S3Location, asker: Asker): Promise<string>;

  /**
   * What a registry of ECR is pulled from with; undefined where nobody gives tokens.
   * @throws CallRefused
   */
  registryToken(registry: EcrRegistry, asker: Asker): Promise<RegistryCredentials | undefined>;
}

/** A read came to nothing. */
export class CallRefused extends Error {
  readonly failure: CallFailure;

  constructor(failure: CallFailure) {
    super(failure.text);
    this.failure = failure;
  }
}
