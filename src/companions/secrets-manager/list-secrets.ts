import type {
  Filter,
  ListSecretsRequest,
  ListSecretsResponse,
} from '@aws-sdk/client-secrets-manager';
import { type SecretError, secretConstraint } from '../../domain/secret/secret-error.ts';
import type { Secret } from '../../domain/secret/secret.ts';
import { arnOfToken, pageOf } from '../name-page.ts';
import { isGone } from './find-secret.ts';
import { invalidToken, parsePageSize } from './list-page.ts';
import { secretView, stagesView } from './secret-view.ts';
import type { SecretsContext } from './secrets-context.ts';

export function listSecrets(input: ListSecretsRequest, ctx: SecretsContext): ListSecretsResponse {
  const { NextToken: token, IncludePlannedDeletion } = input;
  const size = parsePageSize(input.MaxResults);
  const tests = (input.Filters ?? []).map(testOf);
  const after = token === undefined ? undefined : arnOfToken(token);
  if (token !== undefined && after === undefined) throw invalidToken();

  const isWanted = (secret: Secret) =>
    !isGone(secret, ctx.now) &&
    (!secret.deletion || IncludePlannedDeletion === true) &&
    tests.every((test) => test(secret));
  const all = ctx.state.read.secrets.list(ctx.scope, after);
  const { items, nextToken } = pageOf(all, size, isWanted);
  return {
    SecretList: items.map((secret) => {
      const stages = stagesView(secret);
      return { ...secretView(secret), ...(stages && { SecretVersionsToStages: stages }) };
    }),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}

type Words = (secret: Secret) => readonly string[];

const fields: Readonly<Record<string, Words>> = {
  name: ({ name }) => [name],
  description: ({ description = '' }) => [description],
  'tag-key': ({ tags }) => tags.map(({ key }) => key),
  'tag-value': ({ tags }) => tags.map(({ value }) => value),
  all: ({ name, description = '', tags }) => [
    name,
    description,
    ...tags.flatMap(({ key, value }) => [key, value]),
  ],
};

/** A filter looks for beginnings; an exclamation mark turns it round (API reference, "Filter"). */
function testOf({ Key, Values = [] }: Filter): (secret: Secret) => boolean {
  const words = fields[Key ?? ''];
  if (!words) throw invalidFilter(Key);
  return (secret) =>
    Values.some((value) => {
      const isNegated = value.startsWith('!');
      const wanted = isNegated ? value.slice(1) : value;
      return words(secret).some((word) => word.startsWith(wanted)) !== isNegated;
    });
}

function invalidFilter(key: string | undefined): SecretError {
  const constraint = `satisfy enum value set: [${Object.keys(fields).join(', ')}]`;
  return secretConstraint('filters.1.member.key', key, constraint);
}
