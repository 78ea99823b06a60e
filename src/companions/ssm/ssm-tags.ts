import type { Tag as WireTag } from '@aws-sdk/client-ssm';
import { EcsError } from '../../domain/errors.ts';
import { ssmValidation } from '../../domain/parameter/ssm-error.ts';
import { parseTags, withTags, type Tag } from '../../domain/tags.ts';

/** @throws SsmError ValidationException */
export function parseSsmTags(given: readonly WireTag[] | undefined): readonly Tag[] {
  return inWordsOfSsm(() =>
    parseTags(given?.map(({ Key, Value }) => ({ key: Key, value: Value }))),
  );
}

/** @throws SsmError ValidationException */
export function withSsmTags(tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  return inWordsOfSsm(() => withTags(tags, added));
}

/** Tags follow the same rules everywhere; Systems Manager has an error of its own for them. */
function inWordsOfSsm<Result>(body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    if (error instanceof EcsError) throw ssmValidation(error.message);
    throw error;
  }
}
