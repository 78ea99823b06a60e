import type { AwsClientSettings, AwsEndpoints, AwsService } from '../aws/aws-endpoints.ts';
import { callFailureOf } from '../aws/call-failure.ts';
import type { VersionReference } from '../domain/secret/secret-reference.ts';
import type { EcrRegistry } from '../domain/task-definition/containers.ts';
import type { S3Location } from '../domain/task/environment-file.ts';
import { RegistryTokens } from './registry-tokens.ts';
import { CallRefused, type Asker, type ValueSource } from './value-source.ts';

/** Far above what the environment of a process can hold. */
const mostFileBytes = 4 * 1024 * 1024;

type Credentials = NonNullable<AwsClientSettings['credentials']>;

/** The credentials of a task's execution role; undefined where the server's own are to be used. */
export type ExecutionCredentials = (asker: Asker) => Promise<Credentials | undefined>;

export interface AwsSourceParts {
  readonly endpoints: AwsEndpoints;
  readonly credentials: ExecutionCredentials;
  /** What stands in for services that are not named. */
  readonly builtIn: ValueSource;
  readonly now: () => number;
}

/** The services that the operator has named, and for the others what is built in. */
export class AwsSource implements ValueSource {
  readonly #endpoints: AwsEndpoints;
  readonly #credentials: ExecutionCredentials;
  readonly #builtIn: ValueSource;
  readonly #tokens: RegistryTokens;

  constructor({ endpoints, credentials, builtIn, now }: AwsSourceParts) {
    this.#endpoints = endpoints;
    this.#credentials = credentials;
    this.#builtIn = builtIn;
    this.#tokens = new RegistryTokens(now);
  }

  async readParameters(names: readonly string[], asker: Asker) {
    const call = this.#callOf('ssm', asker);
    if (!call) return this.#builtIn.readParameters(names, asker);
    const { readParameters } = await import('../aws/read-parameters.ts');
    const found = await call((settings) => readParameters(settings, names));
    return new Map(
      names.flatMap((name): [string, string][] => {
        const parameter = found.find(
          (one) => `${one.name}${one.selector}` === name || one.arn === name,
        );
        return parameter ? [[name, parameter.value]] : [];
      }),
    );
  }

  async readSecret(reference: VersionReference, asker: Asker) {
    const call = this.#callOf('secretsmanager', asker);
    if (!call) return this.#builtIn.readSecret(reference, asker);
    const { readSecret } = await import('../aws/read-secret.ts');
    return call((settings) => readSecret(settings, reference));
  }

  async readFile(location: S3Location, asker: Asker) {
    const call = this.#callOf('s3', asker);
    if (!call) return this.#builtIn.readFile(location, asker);
    const { readObject } = await import('../aws/read-object.ts');
    return call((settings) => readObject(settings, location, mostFileBytes));
  }

  async registryToken(registry: EcrRegistry, asker: Asker) {
    const call = this.#callOf('ecr', asker);
    if (!call) return this.#builtIn.registryToken(registry, asker);
    const owner = `${registry.registryId} ${registry.region} ${asker.executionRoleArn ?? ''}`;
    return this.#tokens.of(owner, async () => {
      const { registryToken } = await import('../aws/registry-token.ts');
      return call((settings) => registryToken(settings, registry.registryId));
    });
  }

  #callOf(service: AwsService, asker: Asker) {
    const settings = this.#endpoints.settingsOf(service, asker.scope.region);
    if (!settings) return undefined;
    return async <Result>(body: (own: AwsClientSettings) => Promise<Result>): Promise<Result> => {
      try {
        const credentials = await this.#credentials(asker);
        return await body({ ...settings, ...(credentials && { credentials }) });
      } catch (error) {
        throw new CallRefused(callFailureOf(error));
      }
    };
  }
}
