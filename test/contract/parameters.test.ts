import { SSM } from '@aws-sdk/client-ssm';
import { describe, expect } from 'vitest';
import { test as base } from './server.ts';

function clientOf(endpoint: string, accountId: string, region = 'us-east-1'): SSM {
  const credentials = { accessKeyId: accountId, secretAccessKey: 'secret' };
  return new SSM({ endpoint, region, credentials, maxAttempts: 1 });
}

const test = base.extend('ssm', ({ server, accountId }, { onCleanup }) => {
  const ssm = clientOf(server.url, accountId);
  onCleanup(() => ssm.destroy());
  return ssm;
});

const secure = { Type: 'SecureString', Value: 'hunter2' } as const;

describe('PutParameter and GetParameter', () => {
  test('A parameter has an ARN, a version and a type, and its value is read back', async ({
    ssm,
    accountId,
  }) => {
    const put = await ssm.putParameter({ Name: '/app/colour', Type: 'String', Value: 'red' });
    expect(put).toMatchObject({ Version: 1, Tier: 'Standard' });
    const { Parameter } = await ssm.getParameter({ Name: '/app/colour' });
    expect(Parameter).toEqual({
      ARN: `arn:aws:ssm:us-east-1:${accountId}:parameter/app/colour`,
      Name: '/app/colour',
      Type: 'String',
      Value: 'red',
      Version: 1,
      DataType: 'text',
      LastModifiedDate: expect.any(Date),
    });
  });

  test('A SecureString is decrypted for those who ask for it', async ({ ssm }) => {
    await ssm.putParameter({ Name: 'key', ...secure });
    const shown = await ssm.getParameter({ Name: 'key', WithDecryption: true });
    expect(shown.Parameter?.Value).toBe('hunter2');
    const { Parameter } = await ssm.getParameter({ Name: 'key' });
    expect(Parameter?.Value).toMatch(/^v1\./);
    expect(Parameter?.Value).not.toContain('hunter2');
  });

  test('Overwriting makes a version, and former ones are read by number', async ({ ssm }) => {
    await ssm.putParameter({ Name: 'key', Type: 'StringList', Value: 'a,b' });
    await expect(ssm.putParameter({ Name: 'key', Value: 'c' })).rejects.toMatchObject({
      name: 'ParameterAlreadyExists',
      message:
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    });
    const again = await ssm.putParameter({ Name: 'key', Value: 'c', Overwrite: true });
    expect(again.Version).toBe(2);
    const values = ['key', 'key:1', 'key:2'].map(async (Name) => {
      const { Parameter } = await ssm.getParameter({ Name });
      return [Parameter?.Value, Parameter?.Selector];
    });
    expect(await Promise.all(values)).toEqual([
      ['c', undefined],
      ['a,b', ':1'],
      ['c', ':2'],
    ]);
    await expect(ssm.getParameter({ Name: 'key:3' })).rejects.toMatchObject({
      name: 'ParameterVersionNotFound',
      message: 'Systems Manager could not find version 3 of key. Verify the version and try again.',
    });
  });

  test('The newest hundred versions are kept', async ({ ssm }) => {
    for (let version = 1; version <= 101; version += 1) {
      const Value = `value ${version}`;
      await ssm.putParameter({ Name: 'key', Type: 'String', Value, Overwrite: true });
    }
    await expect(ssm.getParameter({ Name: 'key:1' })).rejects.toThrow('version 1 of key');
    expect((await ssm.getParameter({ Name: 'key:2' })).Parameter?.Value).toBe('value 2');
  });

  test('Accounts and regions keep apart', async ({ ssm, server, accountId }) => {
    await ssm.putParameter({ Name: 'key', ...secure });
    const { Parameter } = await ssm.getParameter({ Name: 'key' });
    const others = [
      clientOf(server.url, accountId, 'eu-west-1'),
      clientOf(server.url, '999999999999'),
    ];
    for (const other of others) {
      for (const Name of ['key', Parameter?.ARN]) {
        await expect(other.getParameter({ Name })).rejects.toThrow(
          expect.objectContaining({ name: 'ParameterNotFound' }),
        );
      }
    }
  });

  test.for([
    [{ Name: 'a', Value: 'x' }, 'A parameter type is required when you create a parameter.'],
    [{ Name: 'a b', Type: 'String', Value: 'x' }, "Parameter name: can't be prefixed with"],
    [{ Name: 'a/b', Type: 'String', Value: 'x' }, 'must be a fully qualified name'],
    [{ Name: '/a//b', Type: 'String', Value: 'x' }, "Parameter name: can't be prefixed with"],
    [{ Name: '/aws/b', Type: 'String', Value: 'x' }, 'No access to reserved parameter name'],
    [{ Name: '/a'.repeat(16), Type: 'String', Value: 'x' }, 'maximum of 15 levels'],
    [{ Name: 'a', Type: 'Strange', Value: 'x' }, "Value 'Strange' at 'type' failed to satisfy"],
    [{ Name: 'a', Type: 'String', Value: '' }, "Value at 'value' failed to satisfy constraint"],
    [{ Name: 'a', Type: 'String', Value: 'x', AllowedPattern: '(a+)+$' }, 'not implemented'],
  ] as const)('PutParameter refuses %j', async ([input, words], { ssm }) => {
    // Some of them have types that the SDK does not let through.
    await expect(ssm.putParameter(input as never)).rejects.toThrow(words);
  });

  test('Values have 4096 characters, or 8192 in the advanced tier', async ({ ssm }) => {
    const put = (length: number, Tier?: 'Advanced' | 'Intelligent-Tiering') =>
      ssm.putParameter({
        Name: 'key',
        Type: 'String',
        Value: 'x'.repeat(length),
        Overwrite: true,
        ...(Tier && { Tier }),
      });
    await expect(put(4097)).rejects.toThrow(/^Standard tier parameters support a maximum/);
    expect(await put(4096)).toMatchObject({ Tier: 'Standard' });
    expect(await put(4097, 'Intelligent-Tiering')).toMatchObject({ Tier: 'Advanced' });
    expect(await put(8192, 'Advanced')).toMatchObject({ Tier: 'Advanced', Version: 3 });
    await expect(put(8193, 'Advanced')).rejects.toThrow(/^Advanced tier parameters support/);
  });
});

describe('Several parameters', () => {
  test('GetParameters and DeleteParameters tell what there is not', async ({ ssm }) => {
    await ssm.putParameter({ Name: 'a', Type: 'String', Value: '1' });
    await ssm.putParameter({ Name: 'b', ...secure });
    const Names = ['a', 'b', 'c'];
    const { Parameters, InvalidParameters } = await ssm.getParameters({
      Names,
      WithDecryption: true,
    });
    expect(Parameters?.map(({ Value }) => Value)).toEqual(['1', 'hunter2']);
    expect(InvalidParameters).toEqual(['c']);
    expect(await ssm.deleteParameters({ Names })).toMatchObject({
      DeletedParameters: ['a', 'b'],
      InvalidParameters: ['c'],
    });
    await expect(ssm.deleteParameter({ Name: 'a' })).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    await expect(
      ssm.getParameters({ Names: Array.from({ length: 11 }, (_, index) => `p${index}`) }),
    ).rejects.toThrow('Member must have length less than or equal to 10');
  });

  test('GetParametersByPath goes through a hierarchy page by page', async ({ ssm }) => {
    const names = ['/app/a', '/app/b', '/app/deep/c', '/apple/d', 'app'];
    for (const Name of names) await ssm.putParameter({ Name, Type: 'String', Value: Name });
    const byPath = async (Path: string, Recursive: boolean) => {
      const found: (string | undefined)[] = [];
      let NextToken: string | undefined;
      do {
        const page = await ssm.getParametersByPath({
          Path,
          Recursive,
          MaxResults: 1,
          ...(NextToken !== undefined && { NextToken }),
        });
        found.push(...(page.Parameters ?? []).map(({ Value }) => Value));
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      return found;
    };
    expect(await byPath('/app', false)).toEqual(['/app/a', '/app/b']);
    expect(await byPath('/app/', true)).toEqual(['/app/a', '/app/b', '/app/deep/c']);
    expect(await byPath('/', false)).toEqual(['app']);
    await expect(ssm.getParametersByPath({ Path: '/', NextToken: 'x' })).rejects.toMatchObject({
      name: 'InvalidNextToken',
    });
  });

  test('DescribeParameters shows no values, and takes filters', async ({ ssm, accountId }) => {
    await ssm.putParameter({ Name: '/app/key', Description: 'A key', ...secure });
    await ssm.putParameter({ Name: '/web/key', Type: 'String', Value: 'x' });
    const { Parameters } = await ssm.describeParameters({
      ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: ['/app'] }],
    });
    expect(Parameters).toEqual([
      {
        ARN: `arn:aws:ssm:us-east-1:${accountId}:parameter/app/key`,
        Name: '/app/key',
        Type: 'SecureString',
        KeyId: 'alias/aws/ssm',
        Description: 'A key',
        Tier: 'Standard',
        Version: 1,
        DataType: 'text',
        LastModifiedDate: expect.any(Date),
        LastModifiedUser: `arn:aws:iam::${accountId}:root`,
        Policies: [],
      },
    ]);
    const strings = await ssm.describeParameters({
      ParameterFilters: [{ Key: 'Type', Values: ['String'] }],
    });
    expect(strings.Parameters?.map(({ Name }) => Name)).toEqual(['/web/key']);
  });

  test('has tags, which are added, replaced and removed', async ({ ssm, accountId }) => {
    await ssm.putParameter({ Name: '/app/key', ...secure, Tags: [{ Key: 'team', Value: 'red' }] });
    const parameter = { ResourceType: 'Parameter', ResourceId: '/app/key' } as const;
    const Tags = [
      { Key: 'team', Value: 'blue' },
      { Key: 'stage', Value: 'test' },
    ];
    await ssm.addTagsToResource({ ...parameter, Tags });
    expect((await ssm.listTagsForResource(parameter)).TagList).toEqual(Tags);
    await ssm.removeTagsFromResource({ ...parameter, TagKeys: ['team', 'other'] });
    const ResourceId = `arn:aws:ssm:us-east-1:${accountId}:parameter/app/key`;
    expect((await ssm.listTagsForResource({ ...parameter, ResourceId })).TagList).toEqual([
      { Key: 'stage', Value: 'test' },
    ]);
  });

  test('has no tags where it is not there, or is no parameter', async ({ ssm }) => {
    const parameter = { ResourceType: 'Parameter', ResourceId: '/none' } as const;
    await expect(ssm.listTagsForResource(parameter)).rejects.toMatchObject({
      name: 'InvalidResourceId',
    });
    const document = { ResourceType: 'Document', ResourceId: 'none' } as const;
    await expect(ssm.listTagsForResource(document)).rejects.toMatchObject({
      name: 'InvalidResourceType',
    });
    const tags = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    await ssm.putParameter({ Name: 'key', ...secure });
    await expect(
      ssm.addTagsToResource({ ResourceType: 'Parameter', ResourceId: 'key', Tags: tags }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
