import type { Scope } from '../arn.ts';

/** Where the value of a container's secret is. */
export type SecretReference = ParameterReference | VersionReference;

export interface ParameterReference {
  readonly kind: 'Parameter';
  readonly region: string;
  /** What Parameter Store is asked for: a name, or the ARN of another account's parameter. */
  readonly name: string;
}

export interface VersionReference {
  readonly kind: 'Secret';
  readonly region: string;
  /** The secret's ARN. */
  readonly id: string;
  readonly jsonKey: string;
  readonly versionStage: string;
  readonly versionId: string;
}

export type InvalidReference = { readonly kind: 'Invalid'; readonly reason: string };

const partsOfSecret = 7;
const partsOfVersion = 10;

/** Reads `valueFrom` in all its forms (Developer Guide, "Pass sensitive data to an Amazon ECS container"). */
export function parseSecretReference(
  { region: ownRegion, accountId: ownAccount }: Scope,
  valueFrom: string,
): SecretReference | InvalidReference {
  const parts = valueFrom.split(':');
  const [arn, , service, region = '', accountId, resource = ''] = parts;
  if (arn !== 'arn') return { kind: 'Parameter', region: ownRegion, name: valueFrom };
  if (service === 'secretsmanager') return parseVersion(valueFrom, parts);
  if (accountId !== ownAccount) return { kind: 'Parameter', region, name: valueFrom };
  const path = resource.replace(/^parameter\//, '');
  const name = path.includes('/') ? `/${path}` : path;
  const selector = parts[6] === undefined ? '' : `:${parts[6]}`;
  return { kind: 'Parameter', region, name: `${name}${selector}` };
}

/** Reads `credentialsParameter` of a registry: a secret's ARN, or its name in the task's region. */
export function parseCredentialsReference({ region }: Scope, id: string): VersionReference {
  const [arn, , , regionOfArn] = id.split(':');
  return {
    kind: 'Secret',
    region: arn === 'arn' && regionOfArn ? regionOfArn : region,
    id,
    jsonKey: '',
    versionStage: '',
    versionId: '',
  };
}

function parseVersion(
  valueFrom: string,
  parts: readonly string[],
): VersionReference | InvalidReference {
  const [, , , region = '', , , name] = parts;
  if (parts.length !== partsOfSecret && parts.length !== partsOfVersion) {
    return { kind: 'Invalid', reason: invalidArn(valueFrom) };
  }
  if (!name) {
    const reason = `could not find a secretsmanager secretID from value ${valueFrom}`;
    return { kind: 'Invalid', reason };
  }
  const [jsonKey = '', versionStage = '', versionId = ''] = parts.slice(partsOfSecret);
  const id = parts.slice(0, partsOfSecret).join(':');
  return { kind: 'Secret', region, id, jsonKey, versionStage, versionId };
}

function invalidArn(valueFrom: string): string {
  return (
    `trying to retrieve secret with value ${valueFrom} resulted in error: an invalid ARN format for the ` +
    'AWS Secrets Manager secret was specified. Specify a valid ARN and try again.'
  );
}
