import type { Tag as WireTag } from '@aws-sdk/client-ssm';
import { EcsError } from '../../domain/errors.ts';
import { ssmValidation } from '../../domain/parameter/ssm-error.ts';
import { parseTags, type Tag } from '../../domain/tags.ts';

/** Tags follow the same rules everywhere; Systems Manager has an error of its own for them. */
export function parseSsmTags(given: readonly WireTag[] | undefined): readonly Tag[] {
  try {
    return parseTags(given?.map(({ Key, Value }) => ({ key: Key, value: Value })));
  } catch (error) {
    if (error instanceof EcsError) throw ssmValidation(error.message);
    throw error;
  }
}
