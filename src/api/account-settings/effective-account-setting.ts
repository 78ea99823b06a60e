import {
  effectiveSetting,
  type AccountSettingName,
  type AppliedSetting,
} from '../../domain/account-setting/account-setting.ts';
import type { IsOn } from '../../domain/account-setting/long-arns.ts';
import {
  principalOfCaller,
  rootPrincipal,
  type Principal,
} from '../../domain/account-setting/principal.ts';
import type { ReadonlyTables } from '../../state/tables.ts';
import type { RequestContext } from '../operation.ts';

type Asker = Pick<RequestContext, 'scope' | 'callerArn'>;

/** What applies to the caller of an operation. */
export function callersSetting(
  tables: ReadonlyTables,
  { scope, callerArn }: Asker,
  name: AccountSettingName,
): AppliedSetting | undefined {
  const principal = principalOfCaller(callerArn) ?? rootPrincipal(scope);
  return effectiveAccountSetting(tables, { scope, principal, name });
}

/** Tells of the caller's settings for long ARNs, which tags depend on. */
export function callersLongArns(tables: ReadonlyTables, asker: Asker): IsOn {
  return (name) => callersSetting(tables, asker, name)?.value !== 'disabled';
}

export interface Applying {
  readonly scope: RequestContext['scope'];
  readonly principal: Principal;
  readonly name: AccountSettingName;
}

export function effectiveAccountSetting(
  tables: ReadonlyTables,
  { scope, principal, name }: Applying,
): AppliedSetting | undefined {
  const find = (key: string) => tables.accountSettings.findOf(scope, key, name);
  return effectiveSetting(find, principal, name);
}
