import type { ECS } from '@aws-sdk/client-ecs';
import { expect, test as base } from 'vitest';
import { parseCredentials } from '../../src/protocol/credentials.ts';
import { refusalOf } from './refusal-of.ts';
import { aDefinition } from './requests.ts';
import { clientOf, startTestServer } from './server.ts';
import { aServiceRequest } from './service-requests.ts';

const accountId = '111122223333';
const root = `arn:aws:iam::${accountId}:root`;
const ann = `arn:aws:iam::${accountId}:user/staff/ann`;
const bob = `arn:aws:iam::${accountId}:user/bob`;
const role = `arn:aws:iam::${accountId}:role/deploy`;
const session = `arn:aws:sts::${accountId}:assumed-role/deploy/ci-42`;
const federated = `arn:aws:sts::${accountId}:federated-user/guest`;

const callers = { root, ann, bob, session, federated };

/** A client for each caller of one account, on a server that knows who calls. */
const test = base.extend<{ clients: Readonly<Record<keyof typeof callers, ECS>> }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest wants the pattern.
  clients: async ({}, use) => {
    const entries = Object.entries(callers).map(([name, arn]) => ({
      accessKeyId: name,
      secretAccessKey: 'secret',
      accountId,
      arn,
    }));
    const credentials = parseCredentials(JSON.stringify({ credentials: entries }));
    const server = await startTestServer({ credentials });
    const client = (name: string): ECS => clientOf(server.url, name);
    const clients = {
      root: client('root'),
      ann: client('ann'),
      bob: client('bob'),
      session: client('session'),
      federated: client('federated'),
    };
    await use(clients);
    for (const ecs of Object.values(clients)) ecs.destroy();
    await server.close();
  },
});

const name = 'containerInsights';

/** The effective value, and whose it is. */
async function effective(ecs: ECS): Promise<readonly (string | undefined)[]> {
  const { settings } = await ecs.listAccountSettings({ effectiveSettings: true, name });
  return settings?.map(({ value, principalArn }) => `${value} ${principalArn}`) ?? [];
}

test("a principal's own value wins over the account's, which wins over the service's", async ({
  clients: { root: rootUser, ann: user },
}) => {
  expect(await effective(user)).toEqual([`disabled ${ann}`]);
  await rootUser.putAccountSettingDefault({ name, value: 'enhanced' });
  expect(await effective(user)).toEqual([`enhanced ${root}`]);
  const { setting } = await user.putAccountSetting({ name, value: 'enabled' });
  expect(setting).toMatchObject({ name, value: 'enabled', principalArn: ann });
  expect(await effective(user)).toEqual([`enabled ${ann}`]);
  expect(await effective(rootUser)).toEqual([`enhanced ${root}`]);
  const deleted = await user.deleteAccountSetting({ name });
  expect(deleted.setting).toMatchObject({ value: 'enhanced', principalArn: ann });
});

test('a user may set the default of the account', async ({
  clients: { ann: user, bob: other },
}) => {
  const { setting } = await user.putAccountSettingDefault({ name, value: 'enabled' });
  expect(setting?.principalArn).toBe(root);
  expect(await effective(other)).toEqual([`enabled ${root}`]);
  expect((await user.listAccountSettings()).settings).toEqual([]);
});

test('whether tags may be given is asked of the settings of the caller', async ({
  clients: { ann: user, bob: other },
}) => {
  await user.createCluster();
  await user.registerTaskDefinition(aDefinition());
  await user.putAccountSetting({ name: 'serviceLongArnFormat', value: 'disabled' });
  const tagged = aServiceRequest({ tags: [{ key: 'team', value: 'blue' }] });
  expect(await refusalOf(user.createService(tagged))).toMatch('to add tags to the service');
  expect((await other.createService(tagged)).service?.tags).toEqual(tagged.tags);
});

test('a session has the settings of its role', async ({
  clients: { root: rootUser, session: caller },
}) => {
  const { setting } = await caller.putAccountSetting({ name, value: 'enabled' });
  expect(setting?.principalArn).toBe(role);
  const { settings } = await rootUser.listAccountSettings({ principalArn: role });
  expect(settings).toEqual([setting]);
  await rootUser.putAccountSetting({ name, value: 'enhanced', principalArn: role });
  expect(await effective(caller)).toEqual([`enhanced ${role}`]);
});

test('a federated user has the settings of root, and none of its own', async ({
  clients: { root: rootUser, federated: guest },
}) => {
  await rootUser.putAccountSetting({ name, value: 'enabled' });
  expect(await effective(guest)).toEqual([`enabled ${root}`]);
  const refusal = 'ClientException: Federated users cannot have account settings of their own.';
  expect(await refusalOf(guest.putAccountSetting({ name, value: 'enabled' }))).toBe(refusal);
  expect(await refusalOf(guest.deleteAccountSetting({ name }))).toBe(refusal);
});

test('only root may name another principal', async ({ clients: { root: rootUser, ann: user } }) => {
  const own = await user.putAccountSetting({ name, value: 'enabled', principalArn: ann });
  expect(own.setting?.principalArn).toBe(ann);
  const byRoot = await rootUser.putAccountSetting({ name, value: 'enhanced', principalArn: ann });
  expect(byRoot.setting?.principalArn).toBe(ann);
  const denied = (action: string): string =>
    `AccessDeniedException: User: ${ann} is not authorized to perform: ecs:${action} on resource: * ` +
    `because no identity-based policy allows the ecs:${action} action`;
  for (const principalArn of [bob, root, role]) {
    expect(await refusalOf(user.putAccountSetting({ name, value: 'enabled', principalArn }))).toBe(
      denied('PutAccountSetting'),
    );
    expect(await refusalOf(user.deleteAccountSetting({ name, principalArn }))).toBe(
      denied('DeleteAccountSetting'),
    );
    expect(await refusalOf(user.listAccountSettings({ principalArn }))).toBe(
      denied('ListAccountSettings'),
    );
  }
});

test('not even root may name a principal of another account', async ({
  clients: { root: rootUser },
}) => {
  const principalArn = 'arn:aws:iam::444455556666:user/eve';
  expect(await refusalOf(rootUser.listAccountSettings({ principalArn }))).toBe(
    `AccessDeniedException: User: ${root} is not authorized to perform: ecs:ListAccountSettings on ` +
      'resource: * because no identity-based policy allows the ecs:ListAccountSettings action',
  );
});

test('a principal that is malformed, or none, is refused', async ({
  clients: { root: rootUser },
}) => {
  const listing = (principalArn: string) =>
    refusalOf(rootUser.listAccountSettings({ principalArn }));
  expect(await listing('arn:aws:sts::111122223333')).toBe(
    'ClientException: com.amazon.arn.ARNSyntaxException: Fifth colon (namespace/relative-id ' +
      'delimiter) not found: arn:aws:sts::111122223333',
  );
  const invalid =
    'InvalidParameterException: The principal ARN must be that of a user, a role, or the root user.';
  expect(await listing(`arn:aws:iam::${accountId}:group/staff`)).toBe(invalid);
  expect(await listing('arn:aws:s3:::bucket')).toBe(invalid);
  expect(await listing(federated)).toBe(invalid);
});

test('the wait before Fargate tasks are retired is set for the account alone', async ({
  clients: { root: rootUser, ann: user },
}) => {
  const wait = { name: 'fargateTaskRetirementWaitPeriod', value: '14' } as const;
  expect(await refusalOf(user.putAccountSetting(wait))).toBe(
    'InvalidParameterException: The account setting fargateTaskRetirementWaitPeriod can only be set for the root user.',
  );
  const { setting } = await rootUser.putAccountSetting(wait);
  expect(setting).toMatchObject({ value: '14', principalArn: root });
});

test("CreateCluster takes containerInsights from the caller's own settings", async ({
  clients: { root: rootUser, ann: user },
}) => {
  await user.putAccountSetting({ name, value: 'enhanced' });
  const hers = await user.createCluster({ clusterName: 'hers' });
  const roots = await rootUser.createCluster({ clusterName: 'roots' });
  expect(hers.cluster?.settings).toEqual([{ name, value: 'enhanced' }]);
  expect(roots.cluster?.settings).toEqual([{ name, value: 'disabled' }]);
});
