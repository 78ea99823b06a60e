import type { Attribute as WireAttribute } from '@aws-sdk/client-ecs';
import { EcsError, invalidParameter } from '../errors.ts';
import type { Attribute } from './container-instance.ts';

/** Of those that users add: what agents and ECS register does not count. */
const maximumCustomAttributes = 10;
export const maximumAttributesPerCall = 10;

const namePattern = /^[A-Za-z0-9_\-./\\]{1,128}$/;
const valuePattern = /^[A-Za-z0-9_\-.@/\\: ]{0,128}$/;

/** Names that agents and ECS alone give. */
export function isBuiltInAttribute(name: string): boolean {
  return name.startsWith('ecs.') || name.startsWith('com.amazonaws.');
}

export function isValidAttribute({ name = '', value = '' }: WireAttribute): boolean {
  return namePattern.test(name) && valuePattern.test(value) && value === value.trim();
}

/**
 * Checks an attribute of PutAttributes. [inferred texts]
 * @throws EcsError InvalidParameterException
 */
export function parseCustomAttribute(given: WireAttribute): Attribute {
  const name = parseAttributeName(given.name);
  if (!isValidAttribute(given)) {
    throw invalidParameter(`Attribute value '${given.value ?? ''}' is invalid.`);
  }
  return given.value === undefined ? { name } : { name, value: given.value };
}

/** [inferred texts] */
export function parseAttributeName(name: string | undefined): string {
  if (!name) throw invalidParameter('Attribute name can not be blank.');
  if (!namePattern.test(name)) throw invalidParameter(`Attribute name '${name}' is invalid.`);
  if (isBuiltInAttribute(name)) {
    throw invalidParameter(`Attribute name '${name}' is reserved and can not be changed.`);
  }
  return name;
}

/**
 * The attributes with one more; a name that is there already gets the new value in its place.
 * @throws EcsError AttributeLimitExceededException
 */
export function withAttribute(
  attributes: readonly Attribute[],
  added: Attribute,
): readonly Attribute[] {
  const isThere = attributes.some(({ name }) => name === added.name);
  const all = isThere
    ? attributes.map((attribute) => (attribute.name === added.name ? added : attribute))
    : [...attributes, added];
  if (all.filter(({ name }) => !isBuiltInAttribute(name)).length > maximumCustomAttributes) {
    throw tooManyAttributes();
  }
  return all;
}

/** [inferred text] */
function tooManyAttributes(): EcsError {
  return new EcsError(
    'AttributeLimitExceededException',
    `An instance can have at most ${maximumCustomAttributes} custom attributes.`,
  );
}

/** [inferred text] */
export function targetNotFound(): EcsError {
  return new EcsError('TargetNotFoundException', 'Unable to resolve target.');
}
