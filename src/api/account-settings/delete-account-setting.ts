import type {
  DeleteAccountSettingRequest,
  DeleteAccountSettingResponse,
} from '@aws-sdk/client-ecs';
import { checkDeletable, parseSettingName } from '../../domain/account-setting/account-setting.ts';
import { requirePrincipal } from '../../domain/account-setting/principal.ts';
import type { RequestContext } from '../operation.ts';
import { accountSettingView } from './account-setting-view.ts';
import { effectiveAccountSetting } from './effective-account-setting.ts';

/** Gives up a principal's own value, and answers with what applies to it from now on. */
export function deleteAccountSetting(
  input: DeleteAccountSettingRequest,
  { state, scope, callerArn }: RequestContext,
): DeleteAccountSettingResponse {
  const { principalArn } = input;
  const action = 'DeleteAccountSetting';
  const principal = requirePrincipal({ scope, callerArn, principalArn, action });
  const name = parseSettingName(input.name);

  const setting = state.transact((tx) => {
    const before = tx.accountSettings.findOf(scope, principal.key, name);
    checkDeletable(name, before !== undefined);
    if (before) tx.accountSettings.delete(before);
    return effectiveAccountSetting(tx, { scope, principal, name });
  });

  if (!setting) return {};
  return { setting: accountSettingView({ ...setting, principalArn: principal.arn }) };
}
