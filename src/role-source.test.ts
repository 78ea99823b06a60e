import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test, vi } from 'vitest';
import { openOnLoopback } from '../test/fixtures/loopback.ts';
import { AwsEndpoints } from './aws/aws-endpoints.ts';
import { taskArn } from './domain/arn.ts';
import type { StaticRole } from './protocol/credentials.ts';
import { roleCredentials } from './role-credentials.ts';
import { roleSource } from './role-source.ts';
import { TaskRoles } from './task-roles.ts';

const scope = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' };
const role = {
  roleArn: 'arn:aws:iam::123456789012:role/app',
  taskArn: taskArn(scope, 'default', '0123456789abcdef0123456789abcdef'),
};
const own = { accessKeyId: 'OWN', secretAccessKey: 's', sessionToken: 't', expiresAt: 1 };
const hour = 60 * 60 * 1000;

/** An STS that gives every role the same key, and remembers the forms that it was sent. */
async function openSts() {
  const forms: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      forms.push(new URLSearchParams(body));
      response.setHeader('content-type', 'text/xml').end(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
         <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>assumed</SecretAccessKey>
         <SessionToken>token</SessionToken><Expiration>2026-01-01T06:00:00Z</Expiration>
         </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
      );
    });
  });
  const url = await openOnLoopback(server);
  return { forms, url, close: () => server.close() };
}

interface Given {
  /** Those of a credentials file; without them there is none. */
  readonly roles?: ReadonlyMap<string, StaticRole>;
  readonly awsEndpoints?: AwsEndpoints;
}

function rolesOf({ roles, awsEndpoints = new AwsEndpoints() }: Given): TaskRoles {
  const credentials = roles && { roles, find: () => undefined };
  return new TaskRoles({ credentials, awsEndpoints });
}

test('A role is what the credentials file says, and seen anew within six hours', async () => {
  const fixed = { accessKeyId: 'FIXED', secretAccessKey: 's', sessionToken: '' };
  const roles = rolesOf({ roles: new Map([[role.roleArn, fixed]]) });
  const source = roleSource({ roles, issue: () => own, now: () => 0 });
  expect(await source(role)).toEqual({ ...fixed, expiresAt: 6 * hour });
  expect(await source({ ...role, roleArn: `${role.roleArn}2` })).toEqual(own);
});

test('A role is assumed at the STS that the operator names, in a session named after the task', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const sts = await openSts();
  const awsEndpoints = new AwsEndpoints(new Map([['sts', sts.url]]));
  const source = roleSource({ roles: rolesOf({ awsEndpoints }), issue: () => own, now: () => 0 });
  expect(await source(role)).toEqual({
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'assumed',
    sessionToken: 'token',
    expiresAt: Date.UTC(2026, 0, 1, 6),
  });
  expect(Object.fromEntries(sts.forms[0] ?? [])).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: role.roleArn,
    RoleSessionName: '0123456789abcdef0123456789abcdef',
  });
  sts.close();
  vi.unstubAllEnvs();
});

test('A role by its bare name is that of the account of the task', async () => {
  const fixed = { accessKeyId: 'FIXED', secretAccessKey: 's', sessionToken: '' };
  const roles = rolesOf({ roles: new Map([[role.roleArn, fixed]]) });
  expect(roles.fixed({ ...role, roleArn: 'app' })).toEqual(fixed);
});

test('A task is given no role of another account of the credentials file', async () => {
  const roleArn = 'arn:aws:iam::210987654321:role/app';
  const fixed = { accessKeyId: 'FIXED', secretAccessKey: 's', sessionToken: '' };
  const asked = { ...role, roleArn };
  const roles = new Map([[roleArn, fixed]]);
  const source = roleSource({ roles: rolesOf({ roles }), issue: () => own, now: () => 0 });
  expect(await source(asked)).toEqual(own);

  const awsEndpoints = new AwsEndpoints(new Map([['sts', 'http://127.0.0.1:1']]));
  const withSts = rolesOf({ roles, awsEndpoints });
  await expect(
    roleSource({ roles: withSts, issue: () => own, now: () => 0 })(asked),
  ).rejects.toThrow('arn:aws:iam::210987654321:role/app is a role of another account.');
  await expect(roleCredentials(withSts)(roleArn, role.taskArn)).rejects.toThrow('another account');
});
