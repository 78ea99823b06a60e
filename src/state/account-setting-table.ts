import type {
  AccountSetting,
  AccountSettingName,
} from '../domain/account-setting/account-setting.ts';
import { scopeKey, type Scope } from '../domain/arn.ts';
import { Table, type Journal } from './table.ts';

export class AccountSettingTable extends Table<AccountSetting> {
  constructor(journal: Journal) {
    super(
      'account-setting',
      ({ scope, principal, name }) => keyOf(scope, principal, name),
      journal,
    );
  }

  findOf(scope: Scope, principal: string, name: AccountSettingName): AccountSetting | undefined {
    return this.find(keyOf(scopeKey(scope), principal, name));
  }
}

function keyOf(scope: string, principal: string, name: string): string {
  return `${scope} ${principal} ${name}`;
}
