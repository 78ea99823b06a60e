import type { SecretListEntry } from '@aws-sdk/client-secrets-manager';
import type { Secret } from '../../domain/secret/secret.ts';
import { tagViews } from './secret-tags.ts';

/** What DescribeSecret and ListSecrets have in common. Neither shows a value. */
export function secretView(secret: Secret): SecretListEntry {
  const { arn, name, description, keyId, tags, createdAt, changedAt, deletion } = secret;
  return {
    ARN: arn,
    Name: name,
    ...(description !== undefined && { Description: description }),
    ...(keyId !== undefined && { KmsKeyId: keyId }),
    CreatedDate: new Date(createdAt),
    LastChangedDate: new Date(changedAt),
    ...(deletion && { DeletedDate: new Date(deletion.goneAt) }),
    ...(tags.length > 0 && { Tags: tagViews(tags) }),
  };
}

/** Versions without a stage are not shown. */
export function stagesView({ versions }: Secret): Record<string, string[]> | undefined {
  const staged = versions.filter(({ stages }) => stages.length > 0);
  if (staged.length === 0) return undefined;
  return Object.fromEntries(staged.map(({ id, stages }) => [id, [...stages]]));
}
