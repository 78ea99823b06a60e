import type { Instant } from '../instant.ts';
import type { Tag } from '../tags.ts';
import { hidden } from '../model-constraint.ts';
import { notBuiltInSsm, SsmError, ssmConstraint, ssmValidation } from './ssm-error.ts';

const parameterTypes = ['String', 'StringList', 'SecureString'] as const;
export type ParameterType = (typeof parameterTypes)[number];
export type ParameterTier = 'Standard' | 'Advanced';

/** A parameter of Systems Manager, without its values. */
export interface Parameter {
  readonly arn: string;
  readonly name: string;
  readonly type: ParameterType;
  readonly tier: ParameterTier;
  /** The key that the caller names for a SecureString; values are encrypted with the server's own. */
  readonly keyId?: string;
  readonly description?: string;
  readonly tags: readonly Tag[];
  /** Oldest first, and never empty. */
  readonly versions: readonly ParameterVersion[];
}

export interface ParameterVersion {
  readonly version: number;
  readonly modifiedAt: Instant;
  readonly modifiedBy: string;
}

/** What a caller asks for, checked. */
export interface ParameterSpec {
  readonly value: string;
  readonly type: ParameterType | undefined;
  readonly tier: ParameterTier | undefined;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
}

export interface GivenParameter {
  readonly Value?: string | undefined;
  readonly Type?: string | undefined;
  readonly Tier?: string | undefined;
  readonly KeyId?: string | undefined;
  readonly Description?: string | undefined;
  readonly DataType?: string | undefined;
  readonly AllowedPattern?: string | undefined;
  readonly Policies?: string | undefined;
}

/** Systems Manager keeps so many versions of a parameter. */
const mostVersions = 100;
const longestValues = { Standard: 4096, Advanced: 8192 };
const longestDescription = 1024;
const tiers = ['Standard', 'Advanced', 'Intelligent-Tiering'];

/** @throws SsmError */
export function parseParameterSpec(given: GivenParameter): ParameterSpec {
  const { Value: value, KeyId: keyId, Description: description = '' } = given;
  if (value === undefined) throw ssmConstraint('value', value, 'not be null');
  if (value === '') throw ssmConstraint('value', hidden, 'have length greater than or equal to 1');
  if (description.length > longestDescription) {
    const constraint = `have length less than or equal to ${longestDescription}`;
    throw ssmConstraint('description', description, constraint);
  }
  refuseUnbuilt(given);
  const type = parseType(given.Type);
  const tier = parseTier(given.Tier, value);
  return { value, type, tier, keyId, description: given.Description };
}

function parseType(text: string | undefined): ParameterType | undefined {
  const type = parameterTypes.find((known) => known === text);
  if (text === undefined || type !== undefined) return type;
  const constraint = 'satisfy enum value set: [SecureString, StringList, String]';
  throw ssmConstraint('type', text, constraint);
}

function parseTier(text: string | undefined, value: string): ParameterTier | undefined {
  if (text !== undefined && !tiers.includes(text)) {
    throw ssmConstraint('tier', text, `satisfy enum value set: [${tiers.toSorted().join(', ')}]`);
  }
  if (text === 'Intelligent-Tiering') {
    return value.length > longestValues.Standard ? 'Advanced' : undefined;
  }
  return text === 'Standard' || text === 'Advanced' ? text : undefined;
}

/** A pattern of the caller's could keep the server busy for ever. */
function refuseUnbuilt({ DataType = 'text', AllowedPattern, Policies }: GivenParameter): void {
  if (DataType !== 'text') throw notBuiltInSsm(`The data type ${DataType}`);
  if (AllowedPattern) throw notBuiltInSsm('AllowedPattern');
  if (Policies && Policies !== '[]' && Policies !== '{}') throw notBuiltInSsm('Policies');
}

export interface NewParameter {
  readonly arn: string;
  readonly name: string;
  readonly spec: ParameterSpec;
  readonly tags: readonly Tag[];
  readonly first: Omit<ParameterVersion, 'version'>;
}

/** @throws SsmError */
export function newParameter({ arn, name, spec, tags, first }: NewParameter): Parameter {
  const { type, tier = 'Standard' } = spec;
  if (type === undefined) {
    throw ssmValidation('A parameter type is required when you create a parameter.');
  }
  checkLength(spec.value, tier);
  const versions = [{ ...first, version: 1 }];
  return { arn, name, type, tier, tags, versions, ...described(spec), ...keyOf(type, spec) };
}

/**
 * A parameter with a new version. Its oldest ones go when there are too many.
 * @throws SsmError
 */
export function overwritten(
  parameter: Parameter,
  spec: ParameterSpec,
  change: Omit<ParameterVersion, 'version'>,
): Parameter {
  const { type } = parameter;
  if (spec.type !== undefined && spec.type !== type) throw typeMismatch();
  const tier = spec.tier ?? parameter.tier;
  if (parameter.tier === 'Advanced' && tier === 'Standard') throw cannotDowngrade();
  checkLength(spec.value, tier);
  const version = { ...change, version: latestOf(parameter).version + 1 };
  const versions = [...parameter.versions, version].slice(-mostVersions);
  return { ...parameter, tier, versions, ...described(spec), ...keyOf(type, spec) };
}

export function latestOf({ versions }: Parameter): ParameterVersion {
  const latest = versions.at(-1);
  if (!latest) throw new Error('A parameter has no version.');
  return latest;
}

function described({ description }: ParameterSpec): { description?: string } {
  return description === undefined ? {} : { description };
}

function keyOf(type: ParameterType, { keyId }: ParameterSpec): { keyId?: string } {
  return type === 'SecureString' ? { keyId: keyId ?? 'alias/aws/ssm' } : {};
}

function checkLength(value: string, tier: ParameterTier): void {
  const longest = longestValues[tier];
  if (value.length <= longest) return;
  const limit = `${tier} tier parameters support a maximum parameter value of ${longest} characters.`;
  const upgrade =
    ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. ' +
    'For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html';
  throw ssmValidation(tier === 'Standard' ? limit + upgrade : limit);
}

function typeMismatch(): SsmError {
  return new SsmError(
    'HierarchyTypeMismatchException',
    "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a " +
      'parameter from a String type to a SecureString type. You must create a new, unique parameter.',
  );
}

function cannotDowngrade(): SsmError {
  return ssmValidation(
    "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter " +
      'tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as ' +
      'a standard parameter.',
  );
}
