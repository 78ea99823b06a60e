import { getSecretValue } from '../companions/secrets-manager/get-secret-value.ts';
import { readParameters } from '../companions/ssm/read-parameter.ts';
import { isArn, lastPathElement, scopeOfArn } from '../domain/arn.ts';
import { SecretError } from '../domain/secret/secret-error.ts';
import type { VersionReference } from '../domain/secret/secret-reference.ts';
import type { State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { VaultError, type Vault } from '../support/vault.ts';
import { CallRefused, type Asker, type ValueSource } from './value-source.ts';

export interface BuiltInParts {
  readonly state: State;
  readonly vault: Vault;
  readonly clock: Clock;
}

/** The server's own Parameter Store and Secrets Manager. A task reads what its account has. */
export class BuiltInSource implements ValueSource {
  readonly #parts: BuiltInParts;

  constructor(parts: BuiltInParts) {
    this.#parts = parts;
  }

  async readParameters(names: readonly string[], { scope }: Asker) {
    const { found } = told(() => readParameters({ ...this.#parts, scope }, names, true));
    const values = found.map((one): [string, string] => [
      `${one.Name}${one.Selector ?? ''}`,
      one.Value ?? '',
    ]);
    const byName = new Map(values.map(([name, value]) => [withSlash(name), value]));
    return new Map(
      names.flatMap((name): [string, string][] => {
        const value = byName.get(withSlash(name));
        return value === undefined ? [] : [[name, value]];
      }),
    );
  }

  async readSecret({ id, versionStage, versionId }: VersionReference, asker: Asker) {
    const { state, vault, clock } = this.#parts;
    const { scope } = asker;
    if (isArn(id) && scopeOfArn(id).accountId !== scope.accountId) throw notAuthorized(id, asker);
    const query = {
      SecretId: id,
      ...(versionStage !== '' && { VersionStage: versionStage }),
      ...(versionId !== '' && { VersionId: versionId }),
    };
    return told(() => getSecretValue(query, { state, vault, scope, now: clock.now() }))
      .SecretString;
  }

  /** There is no S3 here. [inferred wording] */
  async readFile(): Promise<string> {
    const text = 'no endpoint of S3 is named: the server takes --aws-endpoint s3=URL';
    throw new CallRefused({ kind: 'Refused', text });
  }

  /** There is no ECR here: what is called so is pulled from as any registry is. */
  async registryToken(): Promise<undefined> {
    return undefined;
  }
}

/** A name of one word may be written with a slash before it or without. */
function withSlash(name: string): string {
  return name.startsWith('/') ? name : `/${name}`;
}

function told<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SecretError || error instanceof VaultError)) throw error;
    throw new CallRefused({ kind: 'Refused', text: `${error.name}: ${error.message}` });
  }
}

function notAuthorized(id: string, { taskArn, executionRoleArn = '' }: Asker): CallRefused {
  const { partition, accountId } = scopeOfArn(taskArn);
  const session = `${lastPathElement(executionRoleArn)}/${lastPathElement(taskArn)}`;
  return new CallRefused({
    kind: 'Refused',
    text:
      `AccessDeniedException: User: arn:${partition}:sts::${accountId}:assumed-role/${session} is not authorized to ` +
      `perform: secretsmanager:GetSecretValue on resource: ${id} because no resource-based policy allows the ` +
      'secretsmanager:GetSecretValue action',
  });
}
