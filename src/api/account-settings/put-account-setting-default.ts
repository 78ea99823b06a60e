import type {
  PutAccountSettingDefaultRequest,
  PutAccountSettingDefaultResponse,
} from '@aws-sdk/client-ecs';
import { newAccountSetting } from '../../domain/account-setting/account-setting.ts';
import { rootPrincipal } from '../../domain/account-setting/principal.ts';
import { scopeKey } from '../../domain/arn.ts';
import type { RequestContext } from '../operation.ts';
import { accountSettingView } from './account-setting-view.ts';

/** For everybody in the account who has no value of their own. */
export function putAccountSettingDefault(
  { name, value }: PutAccountSettingDefaultRequest,
  { state, scope }: RequestContext,
): PutAccountSettingDefaultResponse {
  const principal = rootPrincipal(scope);
  const setting = newAccountSetting({ scope: scopeKey(scope), principal, name, value });

  state.transact((tx) => tx.accountSettings.put(setting));

  return { setting: accountSettingView(setting) };
}
