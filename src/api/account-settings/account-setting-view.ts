import type { Setting, SettingName } from '@aws-sdk/client-ecs';
import {
  isManagedByAws,
  type AppliedSetting,
} from '../../domain/account-setting/account-setting.ts';

/** The API's shape of a setting (API reference, "Setting"). */
export function accountSettingView({ name, value, principalArn }: AppliedSetting): Setting {
  return {
    // ECS has settings that the SDK's list of names leaves out.
    name: name as SettingName,
    principalArn,
    type: isManagedByAws(name) ? 'aws_managed' : 'user',
    value,
  };
}
