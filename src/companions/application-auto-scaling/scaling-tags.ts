import { EcsError } from '../../domain/errors.ts';
import { scalingValidation, tooManyTags } from '../../domain/scaling/scaling-error.ts';
import { maximumTags, parseTags, withTags, type Tag } from '../../domain/tags.ts';

type WireTags = Readonly<Record<string, string>> | undefined;

/** @throws ScalingError ValidationException */
export function parseScalingTags(given: WireTags): readonly Tag[] {
  try {
    return parseTags(Object.entries(given ?? {}).map(([key, value]) => ({ key, value })));
  } catch (error) {
    if (error instanceof EcsError) throw scalingValidation(error.message);
    throw error;
  }
}

/** @throws ScalingError TooManyTagsException */
export function withScalingTags(
  arn: string,
  tags: readonly Tag[],
  added: readonly Tag[],
): readonly Tag[] {
  try {
    return withTags(tags, added);
  } catch (error) {
    if (error instanceof EcsError) throw tooManyTags(arn, maximumTags);
    throw error;
  }
}
