import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { describe, expect } from 'vitest';
import { startManualServer, startOfTime } from './manual-server.ts';
import { test as base } from './server.ts';

function clientOf(endpoint: string, accountId: string, region = 'us-east-1'): SecretsManager {
  const credentials = { accessKeyId: accountId, secretAccessKey: 'secret' };
  return new SecretsManager({ endpoint, region, credentials, maxAttempts: 1 });
}

const test = base.extend('secrets', ({ server, accountId }, { onCleanup }) => {
  const secrets = clientOf(server.url, accountId);
  onCleanup(() => secrets.destroy());
  return secrets;
});

const anyDate: unknown = expect.any(Date);
const day = 24 * 60 * 60 * 1000;

describe('A secret', () => {
  test('has an ARN with a random suffix, and is read by name, ARN and partial ARN', async ({
    secrets,
    accountId,
  }) => {
    const created = await secrets.createSecret({ Name: 'app/db', SecretString: 'hunter2' });
    const partial = `arn:aws:secretsmanager:us-east-1:${accountId}:secret:app/db`;
    expect(created.ARN).toMatch(new RegExp(`^${partial}-[A-Za-z0-9]{6}$`));
    for (const SecretId of ['app/db', created.ARN, partial]) {
      expect(await secrets.getSecretValue({ SecretId })).toMatchObject({
        ARN: created.ARN,
        Name: 'app/db',
        SecretString: 'hunter2',
        VersionId: created.VersionId,
        VersionStages: ['AWSCURRENT'],
      });
    }
  });

  test('may be bytes', async ({ secrets }) => {
    const SecretBinary = Uint8Array.from([0, 255, 10]);
    await secrets.createSecret({ Name: 'key', SecretBinary });
    const value = await secrets.getSecretValue({ SecretId: 'key' });
    expect(value.SecretString).toBeUndefined();
    expect(Buffer.from(value.SecretBinary ?? [])).toEqual(Buffer.from(SecretBinary));
  });

  test('moves its stages with each new version', async ({ secrets }) => {
    const first = await secrets.createSecret({ Name: 'key', SecretString: 'one' });
    const second = await secrets.putSecretValue({ SecretId: 'key', SecretString: 'two' });
    const third = await secrets.updateSecret({ SecretId: 'key', SecretString: 'three' });
    const pending = await secrets.putSecretValue({
      SecretId: 'key',
      SecretString: 'four',
      VersionStages: ['AWSPENDING'],
    });
    expect((await secrets.describeSecret({ SecretId: 'key' })).VersionIdsToStages).toEqual({
      [second.VersionId ?? '']: ['AWSPREVIOUS'],
      [third.VersionId ?? '']: ['AWSCURRENT'],
      [pending.VersionId ?? '']: ['AWSPENDING'],
    });
    const read = async (query: object) =>
      (await secrets.getSecretValue({ SecretId: 'key', ...query })).SecretString;
    expect(await read({})).toBe('three');
    expect(await read({ VersionStage: 'AWSPREVIOUS' })).toBe('two');
    expect(await read({ VersionId: first.VersionId })).toBe('one');
    await expect(read({ VersionStage: 'NONE' })).rejects.toThrow(
      "Secrets Manager can't find the specified secret value for staging label: NONE",
    );
    await expect(
      read({ VersionId: first.VersionId, VersionStage: 'AWSCURRENT' }),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('lists its versions page by page', async ({ secrets }) => {
    const made = [await secrets.createSecret({ Name: 'key', SecretString: '0' })];
    for (const SecretString of ['1', '2', '3']) {
      made.push(await secrets.putSecretValue({ SecretId: 'key', SecretString }));
    }
    const given = { SecretId: 'key', MaxResults: 1 };
    const first = await secrets.listSecretVersionIds(given);
    const { NextToken } = first;
    const second = await secrets.listSecretVersionIds({ ...given, NextToken });
    expect([first, second].map(({ Versions }) => Versions)).toEqual([
      [{ VersionId: made[2]?.VersionId, VersionStages: ['AWSPREVIOUS'], CreatedDate: anyDate }],
      [{ VersionId: made[3]?.VersionId, VersionStages: ['AWSCURRENT'], CreatedDate: anyDate }],
    ]);
    expect(second.NextToken).toBeUndefined();
    const all = await secrets.listSecretVersionIds({ SecretId: 'key', IncludeDeprecated: true });
    expect(all.Versions?.map(({ VersionId }) => VersionId)).toEqual(
      made.map(({ VersionId }) => VersionId),
    );
    await expect(secrets.listSecretVersionIds({ ...given, NextToken: 'x' })).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    });
  });

  test('may be a password that Secrets Manager makes up', async ({ secrets }) => {
    const { RandomPassword } = await secrets.getRandomPassword({ ExcludePunctuation: true });
    expect(RandomPassword).toMatch(/^[a-zA-Z0-9]{32}$/);
    await expect(secrets.getRandomPassword({ PasswordLength: 3 })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('has its labels moved by hand, and no policy', async ({ secrets }) => {
    const first = await secrets.createSecret({ Name: 'key', SecretString: 'one' });
    const second = await secrets.putSecretValue({ SecretId: 'key', SecretString: 'two' });
    await secrets.updateSecretVersionStage({
      SecretId: 'key',
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: second.VersionId,
      MoveToVersionId: first.VersionId,
    });
    expect((await secrets.getSecretValue({ SecretId: 'key' })).SecretString).toBe('one');
    expect((await secrets.describeSecret({ SecretId: 'key' })).VersionIdsToStages).toEqual({
      [first.VersionId ?? '']: ['AWSCURRENT'],
      [second.VersionId ?? '']: ['AWSPREVIOUS'],
    });
    const { ARN, Name, ResourcePolicy } = await secrets.getResourcePolicy({ SecretId: 'key' });
    expect({ ARN, Name, ResourcePolicy }).toEqual({
      ARN: first.ARN,
      Name: 'key',
      ResourcePolicy: undefined,
    });
  });

  test('is not made twice, but a repeated request is answered alike', async ({ secrets }) => {
    const given = {
      Name: 'key',
      SecretString: 'one',
      ClientRequestToken: '11111111-2222-3333-4444-555555555555',
    };
    const { ARN } = await secrets.createSecret(given);
    expect((await secrets.createSecret(given)).ARN).toBe(ARN);
    await expect(secrets.createSecret({ Name: 'key', SecretString: 'one' })).rejects.toMatchObject({
      name: 'ResourceExistsException',
      message: 'The operation failed because the secret key already exists.',
    });
    const { Name: SecretId, ClientRequestToken } = given;
    await expect(
      secrets.putSecretValue({ SecretId, ClientRequestToken, SecretString: 'two' }),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  test('that is not there is not found', async ({ secrets }) => {
    await expect(secrets.getSecretValue({ SecretId: 'none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  test('has at most 65536 bytes, and refusals do not repeat it', async ({ secrets }) => {
    const put = (SecretString: string) => secrets.createSecret({ Name: 'key', SecretString });
    const refusal = await put('ä'.repeat(32_769)).catch(String);
    expect(refusal).toContain(
      "Value at 'secretString' failed to satisfy constraint: Member must have length less than or equal to 65536",
    );
    expect(refusal).not.toContain('ä');
    const longest = 'ä'.repeat(32_768);
    await put(longest);
    const { SecretString } = await secrets.getSecretValue({ SecretId: 'key' });
    expect(SecretString).toBe(longest);
  });

  test.for([
    [{ Name: 'a b' }, 'Invalid name. Must be a valid name containing alphanumeric characters'],
    [{ Name: 'a', SecretString: 'x', SecretBinary: Uint8Array.of(1) }, "You can't specify both"],
    [{ Name: 'a', SecretString: 'x', ClientRequestToken: 'short' }, 'ClientRequestToken'],
  ] as const)('is refused as %j', async ([input, words], { secrets }) => {
    await expect(secrets.createSecret(input)).rejects.toThrow(words);
  });

  test('carries tags', async ({ secrets }) => {
    await secrets.createSecret({ Name: 'key', Tags: [{ Key: 'team', Value: 'red' }] });
    await secrets.tagResource({ SecretId: 'key', Tags: [{ Key: 'stage', Value: 'test' }] });
    await secrets.untagResource({ SecretId: 'key', TagKeys: ['team'] });
    const { Tags, VersionIdsToStages } = await secrets.describeSecret({ SecretId: 'key' });
    expect(Tags).toEqual([{ Key: 'stage', Value: 'test' }]);
    expect(VersionIdsToStages).toBeUndefined();
  });
});

test('ListSecrets takes filters and goes page by page', async ({ secrets }) => {
  for (const Name of ['a1', 'a2', 'b1']) {
    await secrets.createSecret({ Name, SecretString: 'hunter2', Description: `of ${Name}` });
  }
  const Filters = [{ Key: 'name' as const, Values: ['a'] }];
  const first = await secrets.listSecrets({ Filters, MaxResults: 1 });
  expect(first.SecretList?.map(({ Name }) => Name)).toEqual(['a1']);
  const second = await secrets.listSecrets({ Filters, NextToken: first.NextToken });
  expect(second.SecretList?.map(({ Name }) => Name)).toEqual(['a2']);
  expect(JSON.stringify([first, second])).not.toContain('hunter2');
  const others = await secrets.listSecrets({ Filters: [{ Key: 'all', Values: ['!a'] }] });
  expect(others.SecretList?.map(({ Name }) => Name)).toEqual(['b1']);
  await expect(secrets.listSecrets({ NextToken: 'x' })).rejects.toMatchObject({
    name: 'InvalidNextTokenException',
  });
});

describe('DeleteSecret', () => {
  test('leaves a window in which the secret is not read, but can be restored', async () => {
    await using manual = await startManualServer();
    const secrets = clientOf(manual.server.url, '123456789012');
    await secrets.createSecret({ Name: 'key', SecretString: 'one' });
    const SecretId = 'key';
    const { DeletionDate } = await secrets.deleteSecret({ SecretId, RecoveryWindowInDays: 7 });
    expect(DeletionDate?.getTime()).toBe(startOfTime + 7 * day);
    await expect(secrets.getSecretValue({ SecretId })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was marked for deletion.",
    });
    await expect(secrets.createSecret({ Name: 'key' })).rejects.toThrow(
      'a secret with this name is already scheduled for deletion.',
    );
    expect((await secrets.listSecrets({})).SecretList).toEqual([]);
    expect((await secrets.listSecrets({ IncludePlannedDeletion: true })).SecretList).toHaveLength(
      1,
    );
    await secrets.restoreSecret({ SecretId });
    expect((await secrets.getSecretValue({ SecretId })).SecretString).toBe('one');
    secrets.destroy();
  });

  test('removes the secret and its values when the window ends', async () => {
    await using manual = await startManualServer();
    const secrets = clientOf(manual.server.url, '123456789012');
    await secrets.createSecret({ Name: 'key', SecretString: 'one' });
    await secrets.deleteSecret({ SecretId: 'key' });
    await manual.advance(30 * day);
    const { read } = manual.server.state;
    expect([read.secrets.size, read.sealedValues.size]).toEqual([0, 0]);
    secrets.destroy();
  });

  test('without recovery frees the name at once, and does not mind if there is none', async ({
    secrets,
  }) => {
    const first = await secrets.createSecret({ Name: 'key', SecretString: 'one' });
    const forced = { SecretId: 'key', ForceDeleteWithoutRecovery: true };
    expect(await secrets.deleteSecret(forced)).toMatchObject({ ARN: first.ARN, Name: 'key' });
    expect(await secrets.deleteSecret(forced)).toMatchObject({ Name: 'key' });
    const second = await secrets.createSecret({ Name: 'key', SecretString: 'two' });
    expect(second.ARN).not.toBe(first.ARN);
    await expect(secrets.deleteSecret({ ...forced, RecoveryWindowInDays: 7 })).rejects.toThrow(
      "You can't use ForceDeleteWithoutRecovery in conjunction",
    );
    await expect(
      secrets.deleteSecret({ SecretId: 'key', RecoveryWindowInDays: 6 }),
    ).rejects.toThrow('must be between 7 and 30 days (inclusive).');
  });
});
