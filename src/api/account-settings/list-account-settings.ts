import type { ListAccountSettingsRequest, ListAccountSettingsResponse } from '@aws-sdk/client-ecs';
import {
  accountSettingNames,
  parseSettingName,
  type AppliedSetting,
} from '../../domain/account-setting/account-setting.ts';
import {
  requestedPrincipal,
  rootPrincipal,
  type Principal,
} from '../../domain/account-setting/principal.ts';
import { scopeKey } from '../../domain/arn.ts';
import { invalidParameter } from '../../domain/errors.ts';
import { present } from '../../domain/present.ts';
import type { RequestContext } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { accountSettingView } from './account-setting-view.ts';
import { effectiveAccountSetting } from './effective-account-setting.ts';

const largestPage = 10;

/** The values that a principal has set itself or, where effective ones are asked for, all that apply to it. */
export function listAccountSettings(
  input: ListAccountSettingsRequest,
  ctx: RequestContext,
): ListAccountSettingsResponse {
  const { scope, callerArn } = ctx;
  const { principalArn, effectiveSettings = false } = input;
  const action = 'ListAccountSettings';
  const principal =
    requestedPrincipal({ scope, callerArn, principalArn, action }) ?? rootPrincipal(scope);
  const name = input.name && parseSettingName(input.name);
  // [inferred text]
  if (input.value && !name) throw invalidParameter('value requires a setting name.');

  const settings = settingsOf(ctx, principal, effectiveSettings).filter(
    (setting) =>
      (!name || setting.name === name) && (!input.value || setting.value === input.value),
  );
  const { rows, nextToken } = pageOf({
    request: input,
    list: [
      action,
      scopeKey(scope),
      principal.key,
      String(effectiveSettings),
      name || undefined,
      input.value,
    ],
    rowsAfter: (key) => settings.filter((setting) => key === undefined || setting.name > key),
    keyOf: (setting) => setting.name,
    largestPage,
  });
  return { settings: rows.map(accountSettingView), ...present({ nextToken }) };
}

function settingsOf(
  { state: { read }, scope }: RequestContext,
  principal: Principal,
  isEffective: boolean,
): AppliedSetting[] {
  return accountSettingNames.flatMap((name) => {
    const setting = isEffective
      ? effectiveAccountSetting(read, { scope, principal, name })
      : read.accountSettings.findOf(scope, principal.key, name);
    return setting ?? [];
  });
}
