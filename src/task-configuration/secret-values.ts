import { valueOfKey } from '../domain/secret/json-key.ts';
import {
  binarySecret,
  invalidParameters,
  unreadCredentials,
  unreadParameters,
  unreadSecret,
  unreadToken,
  unusableCredentials,
  unusableSecret,
  type RetrievalFailure,
} from '../domain/secret/retrieval-failure.ts';
import {
  parseRegistryCredentials,
  type RegistryCredentials,
} from '../domain/secret/registry-credentials.ts';
import {
  parseCredentialsReference,
  parseSecretReference,
  type ParameterReference,
  type VersionReference,
} from '../domain/secret/secret-reference.ts';
import type { EcrRegistry } from '../domain/task-definition/containers.ts';
import { CallRefused, type Asker, type ValueSource } from './value-source.ts';

/** Why a task cannot have what it points to. */
export class Unretrieved extends Error {
  readonly failure: RetrievalFailure;

  constructor(failure: RetrievalFailure) {
    super(failure.onFargate);
    this.failure = failure;
  }
}

/** Parameter Store is asked for so many at a time. */
const namesPerRead = 10;

/**
 * The values that references stand for.
 * @throws Unretrieved where one of them has none
 */
export async function readValues(
  source: ValueSource,
  asker: Asker,
  references: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const parameters: [string, ParameterReference][] = [];
  const secrets: [string, VersionReference][] = [];
  for (const valueFrom of new Set(references)) {
    const parsed = parseSecretReference(asker.scope, valueFrom);
    if (parsed.kind === 'Invalid') throw new Unretrieved(unusableSecret(parsed.reason));
    if (parsed.kind === 'Parameter') parameters.push([valueFrom, parsed]);
    else secrets.push([valueFrom, parsed]);
  }
  const found = await readAllParameters(source, asker, parameters);
  const read = secrets.map(async ([valueFrom, reference]): Promise<[string, string]> => [
    valueFrom,
    await readSecret(source, asker, reference),
  ]);
  return new Map([...found, ...(await Promise.all(read))]);
}

async function readAllParameters(
  source: ValueSource,
  asker: Asker,
  parameters: readonly (readonly [string, ParameterReference])[],
): Promise<readonly (readonly [string, string])[]> {
  const byRegion = Map.groupBy(parameters, ([, { region }]) => region);
  const reads = [...byRegion].map(async ([region, wanted]) => {
    const names = [...new Set(wanted.map(([, { name }]) => name))];
    const values = await readNames(source, inRegion(asker, region), names);
    const missing = names.filter((name) => !values.has(name));
    if (missing.length > 0) throw new Unretrieved(invalidParameters(region, missing));
    return wanted.map(([valueFrom, { name }]) => [valueFrom, values.get(name) ?? ''] as const);
  });
  return (await Promise.all(reads)).flat();
}

async function readNames(
  source: ValueSource,
  asker: Asker,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (let from = 0; from < names.length; from += namesPerRead) {
    const some = names.slice(from, from + namesPerRead);
    const read = await orUnretrieved(source.readParameters(some, asker), (failure) =>
      unreadParameters(asker.scope.region, failure),
    );
    for (const [name, value] of read) values.set(name, value);
  }
  return values;
}

async function readSecret(
  source: ValueSource,
  asker: Asker,
  reference: VersionReference,
): Promise<string> {
  const { id, region, jsonKey } = reference;
  const text = await orUnretrieved(
    source.readSecret(reference, inRegion(asker, region)),
    (failure) => unreadSecret(id, failure),
  );
  if (text === undefined) throw new Unretrieved(binarySecret(id));
  if (jsonKey === '') return text;
  const value = valueOfKey(text, jsonKey);
  if (value.kind === 'Missing') throw new Unretrieved(unusableSecret(value.reason));
  return value.text;
}

/**
 * The credentials of a registry, from the secret that has them.
 * @throws Unretrieved
 */
export async function readCredentials(
  source: ValueSource,
  asker: Asker,
  credentialsParameter: string,
): Promise<RegistryCredentials> {
  const reference = parseCredentialsReference(asker.scope, credentialsParameter);
  const text = await orUnretrieved(
    source.readSecret(reference, inRegion(asker, reference.region)),
    (failure) => unreadCredentials(credentialsParameter, failure),
  );
  const credentials = parseRegistryCredentials(text ?? '');
  if (typeof credentials === 'string') throw new Unretrieved(unusableCredentials(credentials));
  return credentials;
}

/**
 * The credentials of a registry of ECR; undefined where nobody gives any.
 * @throws Unretrieved
 */
export async function readToken(
  source: ValueSource,
  asker: Asker,
  registry: EcrRegistry,
): Promise<RegistryCredentials | undefined> {
  const token = await orUnretrieved(
    source.registryToken(registry, inRegion(asker, registry.region)),
    unreadToken,
  );
  return token && { username: token.username, password: token.password };
}

async function orUnretrieved<Result>(
  read: Promise<Result>,
  failureOf: (failure: CallRefused['failure']) => RetrievalFailure,
): Promise<Result> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof CallRefused) throw new Unretrieved(failureOf(error.failure));
    throw error;
  }
}

function inRegion(asker: Asker, region: string): Asker {
  return { ...asker, scope: { ...asker.scope, region } };
}
