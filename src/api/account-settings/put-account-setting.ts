import type { PutAccountSettingRequest, PutAccountSettingResponse } from '@aws-sdk/client-ecs';
import { newAccountSetting } from '../../domain/account-setting/account-setting.ts';
import { requirePrincipal } from '../../domain/account-setting/principal.ts';
import { scopeKey } from '../../domain/arn.ts';
import type { RequestContext } from '../operation.ts';
import { accountSettingView } from './account-setting-view.ts';

export function putAccountSetting(
  { name, value, principalArn }: PutAccountSettingRequest,
  { state, scope, callerArn }: RequestContext,
): PutAccountSettingResponse {
  const action = 'PutAccountSetting';
  const principal = requirePrincipal({ scope, callerArn, principalArn, action });
  const setting = newAccountSetting({ scope: scopeKey(scope), principal, name, value });

  state.transact((tx) => tx.accountSettings.put(setting));

  return { setting: accountSettingView(setting) };
}
