import type { Tag as WireTag } from '@aws-sdk/client-secrets-manager';
import { EcsError } from '../../domain/errors.ts';
import { invalidSecretParameter } from '../../domain/secret/secret-error.ts';
import { parseTags, withTags, type Tag } from '../../domain/tags.ts';

/** @throws SecretError InvalidParameterException */
export function parseSecretTags(given: readonly WireTag[] | undefined): readonly Tag[] {
  return inWordsOfSecrets(() =>
    parseTags(given?.map(({ Key, Value }) => ({ key: Key, value: Value }))),
  );
}

/** @throws SecretError InvalidParameterException */
export function withSecretTags(tags: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  return inWordsOfSecrets(() => withTags(tags, added));
}

/** Tags follow the same rules everywhere; Secrets Manager has an error of its own for them. */
function inWordsOfSecrets<Result>(body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    if (error instanceof EcsError) throw invalidSecretParameter(error.message);
    throw error;
  }
}

export function tagViews(tags: readonly Tag[]): WireTag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}
