import { paginateListAccountSettings, type SettingName } from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { aDefinition, aRun } from './requests.ts';
import { test } from './server.ts';

const defaults = [
  ['awsvpcTrunking', 'disabled'],
  ['containerInsights', 'disabled'],
  ['containerInstanceLongArnFormat', 'enabled'],
  ['containerLongArnFormat', 'enabled'],
  ['defaultLogDriverMode', 'non-blocking'],
  ['dualStackIPv6', 'enabled'],
  ['fargateFIPSMode', 'disabled'],
  ['fargateTaskRetirementWaitPeriod', '7'],
  ['guardDutyActivate', 'off'],
  ['serviceLongArnFormat', 'enabled'],
  ['tagResourceAuthorization', 'on'],
  ['taskLongArnFormat', 'enabled'],
];

/** ECS has settings that the SDK's types leave out. */
function asName(name: string): SettingName {
  return name as SettingName;
}

test('nothing is listed before something is set', async ({ ecs }) => {
  expect(await ecs.listAccountSettings()).toMatchObject({ settings: [] });
});

test('all effective settings take two pages', async ({ ecs, accountId }) => {
  const first = await ecs.listAccountSettings({ effectiveSettings: true });
  expect(first.settings).toHaveLength(10);
  const { nextToken } = first;
  const second = await ecs.listAccountSettings({ effectiveSettings: true, nextToken });
  expect(second).not.toHaveProperty('nextToken');
  const settings = [...(first.settings ?? []), ...(second.settings ?? [])];
  expect(settings.map(({ name, value }) => [name, value])).toEqual(defaults);
  expect(new Set(settings.map(({ principalArn }) => principalArn))).toEqual(
    new Set([`arn:aws:iam::${accountId}:root`]),
  );
  expect(settings.filter(({ type }) => type === 'aws_managed').map(({ name }) => name)).toEqual([
    'guardDutyActivate',
  ]);
});

test.for([
  ['serviceLongArnFormat', 'disabled'],
  ['taskLongArnFormat', 'disabled'],
  ['containerInstanceLongArnFormat', 'disabled'],
  ['containerLongArnFormat', 'disabled'],
  ['awsvpcTrunking', 'enabled'],
  ['containerInsights', 'enhanced'],
  ['dualStackIPv6', 'disabled'],
  ['fargateFIPSMode', 'enabled'],
  ['tagResourceAuthorization', 'off'],
  ['fargateTaskRetirementWaitPeriod', '14'],
  ['defaultLogDriverMode', 'blocking'],
  ['fargateEventWindows', 'enabled'],
] as const)('%s can be %s', async ([given, value], { ecs, accountId }) => {
  const name = asName(given);
  const setting = { name, value, principalArn: `arn:aws:iam::${accountId}:root`, type: 'user' };
  expect((await ecs.putAccountSettingDefault({ name, value })).setting).toEqual(setting);
  expect((await ecs.putAccountSetting({ name, value })).setting).toEqual(setting);
  expect((await ecs.listAccountSettings()).settings).toEqual([setting]);
});

test('a setting that is deleted is what it is by default', async ({ ecs, accountId }) => {
  const name = 'awsvpcTrunking';
  await ecs.putAccountSetting({ name, value: 'enabled' });
  const principalArn = `arn:aws:iam::${accountId}:root`;
  const setting = { name, value: 'disabled', principalArn, type: 'user' };
  expect((await ecs.deleteAccountSetting({ name })).setting).toEqual(setting);
  expect((await ecs.deleteAccountSetting({ name })).setting).toEqual(setting);
  expect((await ecs.listAccountSettings()).settings).toEqual([]);
});

test('settings are listed by name, and then by value', async ({ ecs }) => {
  await ecs.putAccountSetting({ name: 'awsvpcTrunking', value: 'enabled' });
  await ecs.putAccountSetting({ name: 'containerInsights', value: 'enabled' });
  const namesOf = async (given: { name: SettingName; value?: string }) =>
    (await ecs.listAccountSettings(given)).settings?.map(({ name }) => name);
  expect(await namesOf({ name: 'containerInsights' })).toEqual(['containerInsights']);
  expect(await namesOf({ name: 'containerInsights', value: 'enabled' })).toHaveLength(1);
  expect(await namesOf({ name: 'containerInsights', value: 'disabled' })).toEqual([]);
});

test('settings are of one region', async ({ ecs, server, accountId }) => {
  await ecs.putAccountSetting({ name: 'awsvpcTrunking', value: 'enabled' });
  const elsewhere = server.client(accountId, 'eu-west-1');
  expect((await elsewhere.listAccountSettings()).settings).toEqual([]);
  elsewhere.destroy();
});

test('a new cluster takes containerInsights from the account, unless it says itself', async ({
  ecs,
}) => {
  await ecs.createCluster({ clusterName: 'before' });
  await ecs.putAccountSettingDefault({ name: 'containerInsights', value: 'enhanced' });
  const valueOf = async (clusterName: string, value?: string) => {
    const settings = value ? [{ name: 'containerInsights' as const, value }] : undefined;
    const { cluster } = await ecs.createCluster({ clusterName, settings });
    return cluster?.settings?.[0]?.value;
  };
  expect(await valueOf('after')).toBe('enhanced');
  expect(await valueOf('other', 'enabled')).toBe('enabled');
  expect(await valueOf('before')).toBe('disabled');
});

test('ARNs are long whatever the settings say', async ({ ecs, accountId }) => {
  await ecs.putAccountSettingDefault({ name: 'taskLongArnFormat', value: 'disabled' });
  await ecs.createCluster();
  await ecs.registerTaskDefinition(aDefinition());
  const { tasks } = await ecs.runTask(aRun());
  expect(tasks?.[0]?.taskArn).toMatch(
    new RegExp(`^arn:aws:ecs:us-east-1:${accountId}:task/default/[0-9a-f]{32}$`),
  );
});

const unknownName =
  'unknown should be one of [serviceLongArnFormat,taskLongArnFormat,containerInstanceLongArnFormat,' +
  'containerLongArnFormat,awsvpcTrunking,containerInsights,dualStackIPv6,fargateFIPSMode,' +
  'tagResourceAuthorization,fargateTaskRetirementWaitPeriod,guardDutyActivate,defaultLogDriverMode,' +
  'fargateEventWindows]';

test('a name that ECS does not have is refused by all four operations', async ({ ecs }) => {
  const name = asName('unknown');
  const refusal = `InvalidParameterException: ${unknownName}`;
  expect(await refusalOf(ecs.putAccountSetting({ name, value: 'on' }))).toBe(refusal);
  expect(await refusalOf(ecs.putAccountSettingDefault({ name, value: 'on' }))).toBe(refusal);
  expect(await refusalOf(ecs.deleteAccountSetting({ name }))).toBe(refusal);
  expect(await refusalOf(ecs.listAccountSettings({ name }))).toBe(refusal);
});

test.for([
  ['containerInsights', 'ENABLED'],
  ['containerInsights', 'on'],
  ['tagResourceAuthorization', 'enabled'],
  ['awsvpcTrunking', 'enhanced'],
  ['fargateTaskRetirementWaitPeriod', '30'],
  ['defaultLogDriverMode', 'enabled'],
  ['fargateEventWindows', 'disabled'],
  ['guardDutyActivate', 'enabled'],
  ['awsvpcTrunking', undefined],
] as const)('%s can not be %s', async ([name, value], { ecs }) => {
  const refusal = "InvalidParameterException: Invalid setting 'value'";
  expect(await refusalOf(ecs.putAccountSetting({ name, value }))).toBe(refusal);
  expect(await refusalOf(ecs.putAccountSettingDefault({ name, value }))).toBe(refusal);
});

test('what GuardDuty manages is read-only', async ({ ecs }) => {
  const name = 'guardDutyActivate';
  const refusal =
    'InvalidParameterException: The account setting guardDutyActivate is managed by AWS and is read-only.';
  expect(await refusalOf(ecs.putAccountSetting({ name, value: 'on' }))).toBe(refusal);
  expect(await refusalOf(ecs.deleteAccountSetting({ name }))).toBe(refusal);
});

test('event windows can not be turned off again', async ({ ecs }) => {
  const name = 'fargateEventWindows';
  expect((await ecs.deleteAccountSetting({ name })).setting).toBeUndefined();
  await ecs.putAccountSetting({ name, value: 'enabled' });
  expect(await refusalOf(ecs.deleteAccountSetting({ name }))).toBe(
    'InvalidParameterException: The account setting fargateEventWindows can not be turned off.',
  );
});

test('a value without a name lists nothing', async ({ ecs }) => {
  expect(await refusalOf(ecs.listAccountSettings({ value: 'enabled' }))).toBe(
    'InvalidParameterException: value requires a setting name.',
  );
});

test.for([0, 11])('pages of %i settings are refused', async (maxResults, { ecs }) => {
  expect(await refusalOf(ecs.listAccountSettings({ maxResults }))).toBe(
    'InvalidParameterException: maxResults must be between 1 and 10',
  );
});

test('a token is of the list that it came from', async ({ ecs }) => {
  const { nextToken } = await ecs.listAccountSettings({ effectiveSettings: true, maxResults: 1 });
  expect(await refusalOf(ecs.listAccountSettings({ nextToken }))).toBe(
    `InvalidParameterException: Invalid token ${nextToken}`,
  );
});

test.for([1, 3, 10])('pages of %i hold each setting once', async (pageSize, { ecs }) => {
  const config = { client: ecs, pageSize };
  const pages = await Array.fromAsync(
    paginateListAccountSettings(config, { effectiveSettings: true }),
  );
  const names = pages.flatMap(({ settings = [] }) => settings.map(({ name }) => name));
  expect(names).toEqual(defaults.map(([name]) => name));
});
