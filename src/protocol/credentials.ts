import { accountIdShape, rootArn } from './caller.ts';

/** A key that requests may be signed with. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accountId: string;
  readonly callerArn: string;
  /** What temporary credentials must be sent with. */
  readonly sessionToken?: string;
  /** When temporary credentials end, in milliseconds since the Unix epoch. */
  readonly expiresAt?: number;
}

export interface Credentials {
  find(accessKeyId: string): Credential | undefined;
}

/** Credentials that tasks of a role are given as they stand. */
export interface StaticRole {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface CredentialsFile extends Credentials {
  /** By the ARNs of roles. */
  readonly roles: ReadonlyMap<string, StaticRole>;
}

type JsonObject = Readonly<Record<string, unknown>>;

const accessKeyIdShape = /^[\w.-]{1,128}$/;
const secretShape = /^[!-~]{1,256}$/;
const arnShape = /^arn:[\w+=,.@:/-]{1,2000}$/;
const entryMembers = new Set(['accessKeyId', 'secretAccessKey', 'accountId', 'arn']);
const roleMembers = new Set(['roleArn', 'accessKeyId', 'secretAccessKey', 'sessionToken']);

/**
 * Reads a credentials file, `{"credentials": [{"accessKeyId", "secretAccessKey", "accountId",
 * "arn"?}], "roles"?: [{"roleArn", "accessKeyId", "secretAccessKey", "sessionToken"?}]}`. Without
 * an ARN a key is its account's root.
 * @throws Error that says what is wrong and where, but quotes nothing of the file, which holds
 * secrets
 */
export function parseCredentials(text: string): CredentialsFile {
  const { credentials, roles = [], ...others } = parseObject(text);
  if (!Array.isArray(credentials) || credentials.length === 0) {
    throw invalid('credentials must be a list with at least one entry');
  }
  if (Object.keys(others).length > 0) {
    throw invalid('credentials and roles must be its only members');
  }

  const byId = new Map<string, Credential>();
  for (const [index, entry] of credentials.entries()) {
    const credential = parseEntry(entry, `credentials[${index}]`);
    if (byId.has(credential.accessKeyId)) {
      throw invalid(`credentials[${index}].accessKeyId is the same as an earlier one`);
    }
    byId.set(credential.accessKeyId, credential);
  }
  return { find: (accessKeyId) => byId.get(accessKeyId), roles: parseRoles(roles) };
}

function parseObject(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw invalid('it must hold a JSON object');
  return value;
}

/** The parser's own message would quote the file. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is not valid JSON');
  }
}

function parseEntry(entry: unknown, path: string): Credential {
  if (!isJsonObject(entry)) throw invalid(`${path} must be an object`);
  if (!Object.keys(entry).every((name) => entryMembers.has(name))) {
    throw invalid(`${path} may only have the members ${[...entryMembers].join(', ')}`);
  }
  const { accountId, arn } = entry;
  const key = parseKey(entry, path);
  if (!matches(accountId, accountIdShape)) {
    throw invalid(`${path}.accountId must be a string of 12 digits`);
  }
  if (arn !== undefined && !matches(arn, arnShape)) throw invalid(`${path}.arn must be an ARN`);
  return { ...key, accountId, callerArn: arn ?? rootArn(accountId) };
}

function parseKey({ accessKeyId, secretAccessKey }: JsonObject, path: string) {
  if (!matches(accessKeyId, accessKeyIdShape)) {
    throw invalid(`${path}.accessKeyId must be 1 to 128 letters, digits, or any of _ . -`);
  }
  if (!matches(secretAccessKey, secretShape)) {
    throw invalid(`${path}.secretAccessKey must be 1 to 256 visible ASCII characters`);
  }
  return { accessKeyId, secretAccessKey };
}

function parseRoles(given: unknown): ReadonlyMap<string, StaticRole> {
  if (!Array.isArray(given)) throw invalid('roles must be a list');
  return new Map(given.map((role, index) => parseRole(role, `roles[${index}]`)));
}

function parseRole(role: unknown, path: string): [string, StaticRole] {
  if (!isJsonObject(role) || !Object.keys(role).every((name) => roleMembers.has(name))) {
    throw invalid(`${path} must be an object with the members ${[...roleMembers].join(', ')}`);
  }
  const { roleArn, sessionToken = '' } = role;
  if (!matches(roleArn, arnShape)) throw invalid(`${path}.roleArn must be an ARN`);
  if (typeof sessionToken !== 'string') throw invalid(`${path}.sessionToken must be a string`);
  return [roleArn, { ...parseKey(role, path), sessionToken }];
}

function matches(value: unknown, shape: RegExp): value is string {
  return typeof value === 'string' && shape.test(value);
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(complaint: string): Error {
  return new Error(`The credentials file is not valid: ${complaint}.`);
}
