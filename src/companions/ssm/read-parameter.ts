import type { Parameter as ParameterView } from '@aws-sdk/client-ssm';
import type { Scope } from '../../domain/arn.ts';
import {
  latestOf,
  type Parameter,
  type ParameterVersion,
} from '../../domain/parameter/parameter.ts';
import { parseParameterRef, type ParameterRef } from '../../domain/parameter/parameter-name.ts';
import { noSuchParameter, noSuchVersion, SsmError } from '../../domain/parameter/ssm-error.ts';
import type { State } from '../../state/state.ts';
import type { Vault } from '../../support/vault.ts';
import { openValue } from '../stored-values.ts';

/** Where parameters are read, by a handler or for a task. */
export interface ParameterReading {
  readonly state: State;
  readonly vault: Vault;
  readonly scope: Scope;
}

/** @throws SsmError ParameterNotFound, ParameterVersionNotFound */
export function readParameter(
  reading: ParameterReading,
  text: string,
  withDecryption: boolean,
): ParameterView {
  const ref = parseParameterRef(reading.scope, text);
  const parameter = reading.state.read.parameters.find(ref.arn);
  if (!parameter) throw noSuchParameter();
  const version = requireVersion(parameter, ref);
  const selector = ref.selector === undefined ? {} : { Selector: `:${ref.selector}` };
  return { ...versionView(reading, parameter, version, withDecryption), ...selector };
}

/** Of several names: what there is, and the names of which there is nothing. */
export function readParameters(
  reading: ParameterReading,
  names: readonly string[],
  withDecryption: boolean,
): { readonly found: readonly ParameterView[]; readonly invalid: readonly string[] } {
  const found: ParameterView[] = [];
  const invalid: string[] = [];
  for (const name of new Set(names)) {
    try {
      found.push(readParameter(reading, name, withDecryption));
    } catch (error) {
      if (!(error instanceof SsmError)) throw error;
      invalid.push(name);
    }
  }
  return { found, invalid };
}

/** A SecureString that is not to be decrypted is shown as it is kept. */
export function versionView(
  { state, vault }: ParameterReading,
  parameter: Parameter,
  { version, modifiedAt }: ParameterVersion,
  withDecryption: boolean,
): ParameterView {
  const { arn, name, type } = parameter;
  const stored = state.read.sealedValues.findVersion(arn, String(version));
  if (!stored) throw new Error(`The value of ${arn} ${version} is missing.`);
  const isShown = withDecryption || type !== 'SecureString';
  return {
    ARN: arn,
    Name: name,
    Type: type,
    Value: isShown ? openValue(vault, stored) : stored.sealed,
    Version: version,
    LastModifiedDate: new Date(modifiedAt),
    DataType: 'text',
  };
}

function requireVersion(parameter: Parameter, { name, selector }: ParameterRef): ParameterVersion {
  if (selector === undefined) return latestOf(parameter);
  const found = parameter.versions.find(({ version }) => String(version) === selector);
  if (!found) throw noSuchVersion(name, selector);
  return found;
}
