import type { Scope } from '../arn.ts';
import { SsmError, ssmConstraint, ssmValidation } from './ssm-error.ts';

const longestName = 2048;
const deepestLevel = 15;
const wellFormed = /^[a-zA-Z0-9_.-]+$/;

/** What precedes the names in the ARNs of a scope's parameters. */
export function parameterPrefix({ partition, region, accountId }: Scope): string {
  return `arn:${partition}:ssm:${region}:${accountId}:parameter`;
}

/** A name of one word may be written with a slash before it or without. */
export function parameterArn(scope: Scope, name: string): string {
  return `${parameterPrefix(scope)}${name.startsWith('/') ? '' : '/'}${name}`;
}

/**
 * Checks the name of a new parameter (Systems Manager API reference, "PutParameter").
 * @throws SsmError
 */
export function parseParameterName(name: string | undefined): string {
  if (name === undefined) throw ssmConstraint('name', name, 'not be null');
  if (name.length < 1) throw ssmConstraint('name', name, 'have length greater than or equal to 1');
  if (name.length > longestName) {
    throw ssmConstraint('name', name, `have length less than or equal to ${longestName}`);
  }
  if (name.includes('/')) checkPath(name);
  else checkLevels(name, [name]);
  return name;
}

function checkPath(name: string): void {
  if (!name.startsWith('/')) {
    throw ssmValidation('Parameter name must be a fully qualified name.');
  }
  const levels = name.slice(1).split('/');
  if (levels[0]?.toLowerCase().startsWith('aws')) {
    throw new SsmError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
  }
  checkLevels(name, levels);
}

function checkLevels(name: string, levels: readonly string[]): void {
  const isReserved = /^(?:aws|ssm)/i.test(levels[0] ?? '');
  if (isReserved || !levels.every((level) => wellFormed.test(level))) {
    throw malformedName(name.includes('/'));
  }
  if (levels.length > deepestLevel) throw tooDeep();
}

function malformedName(isPath: boolean): SsmError {
  return ssmValidation(
    `Parameter name: can't be prefixed with ${isPath ? '"ssm"' : '"aws" or "ssm"'} (case-insensitive). ` +
      'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be ' +
      'formed as a mix of letters, numbers and the following 3 symbols .-_',
  );
}

/** [inferred wording] */
function tooDeep(): SsmError {
  return new SsmError(
    'HierarchyLevelLimitExceededException',
    `A hierarchy can have a maximum of ${deepestLevel} levels.`,
  );
}

/** A parameter as a caller names it. */
export interface ParameterRef {
  readonly arn: string;
  /** What the caller calls it, without a selector. */
  readonly name: string;
  /** A version or a label. */
  readonly selector: string | undefined;
}

/** `NAME`, `NAME:VERSION` or an ARN, with a version or without. */
export function parseParameterRef(scope: Scope, text: string): ParameterRef {
  const prefix = `${parameterPrefix(scope)}/`;
  const name = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  // An ARN of another scope stays whole, and so names nothing.
  const [plain = '', selector] = name.startsWith('arn:') ? [name] : name.split(':', 2);
  return { arn: parameterArn(scope, plain), name: plain, selector };
}
