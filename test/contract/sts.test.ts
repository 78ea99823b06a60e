import { STS } from '@aws-sdk/client-sts';
import { describe, expect } from 'vitest';
import { parseCredentials } from '../../src/protocol/credentials.ts';
import { startTestServer, test } from './server.ts';

const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';
const user = 'arn:aws:iam::210987654321:user/deployer';

function clientOf(endpoint: string, key: string, secretAccessKey = 'secret'): STS {
  const credentials = { accessKeyId: key, secretAccessKey };
  return new STS({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

describe('GetCallerIdentity', () => {
  test('A key of twelve digits is the root user of that account', async ({ server }) => {
    const { Account, Arn, UserId } = await clientOf(server.url, '123456789012').getCallerIdentity();
    expect({ Account, Arn, UserId }).toEqual({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:root',
      UserId: '123456789012',
    });
  });

  test('With a credentials file it is who the file says, and the signature must be right', async () => {
    const file = JSON.stringify({
      credentials: [
        { accessKeyId, secretAccessKey: 'right', accountId: '210987654321', arn: user },
      ],
    });
    await using server = await startTestServer({ credentials: parseCredentials(file) });
    const identity = await clientOf(server.url, accessKeyId, 'right').getCallerIdentity();
    expect(identity).toMatchObject({ Account: '210987654321', Arn: user, UserId: accessKeyId });
    await expect(
      clientOf(server.url, accessKeyId, 'wrong').getCallerIdentity(),
    ).rejects.toMatchObject({ name: 'InvalidSignatureException', $fault: 'client' });
  });

  test('Other actions are refused', async ({ server }) => {
    await expect(clientOf(server.url, '123456789012').getSessionToken({})).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });

  test('Other forms are refused in XML', async ({ server }) => {
    const forms = ['', 'Action=%00', 'Action=CreateUser', '{"Action": "GetCallerIdentity"}'];
    for (const body of forms) {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0',
      };
      const answer = await fetch(server.url, { method: 'POST', headers, body });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toMatch(
        /<ErrorResponse .*<Type>Sender<\/Type><Code>UnknownOperationException<\/Code>.*<\/ErrorResponse>$/,
      );
    }
  });
});
