import { invalidParameter, type EcsError } from '../errors.ts';
import { rootKey, type Principal } from './principal.ts';

interface SettingRule {
  readonly values: readonly string[];
  /** Absent where nothing applies until someone sets it. */
  readonly byDefault?: string;
  /** Written by another service of AWS; callers only read it. */
  readonly isManagedByAws?: boolean;
  /** The same for every principal: only the account's default can be set. */
  readonly isAccountWide?: boolean;
  /** Once set it stays. */
  readonly isOneWay?: boolean;
}

const switched = ['enabled', 'disabled'];

/**
 * All settings (Developer Guide, "Account settings"), in the order of the text that names them. Long
 * ARNs are in force since April 2021 whatever their settings say, but tags depend on these (long-arns.ts);
 * the authorization of tags is in force since March 2024.
 */
const rules = {
  serviceLongArnFormat: { values: switched, byDefault: 'enabled' },
  taskLongArnFormat: { values: switched, byDefault: 'enabled' },
  containerInstanceLongArnFormat: { values: switched, byDefault: 'enabled' },
  containerLongArnFormat: { values: switched, byDefault: 'enabled' },
  awsvpcTrunking: { values: switched, byDefault: 'disabled' },
  containerInsights: { values: [...switched, 'enhanced'], byDefault: 'disabled' },
  dualStackIPv6: { values: switched, byDefault: 'enabled' },
  fargateFIPSMode: { values: switched, byDefault: 'disabled' },
  tagResourceAuthorization: { values: ['on', 'off'], byDefault: 'on' },
  fargateTaskRetirementWaitPeriod: {
    values: ['0', '7', '14'],
    byDefault: '7',
    isAccountWide: true,
  },
  guardDutyActivate: { values: ['on', 'off'], byDefault: 'off', isManagedByAws: true },
  defaultLogDriverMode: { values: ['blocking', 'non-blocking'], byDefault: 'non-blocking' },
  fargateEventWindows: { values: ['enabled'], isOneWay: true },
} satisfies Record<string, SettingRule>;

export type AccountSettingName = keyof typeof rules;

/** A value that a principal has of its own, or that root has set for the whole account. */
export interface AccountSetting {
  /** The account and region, as `scopeKey` gives them. */
  readonly scope: string;
  /** Key of the principal. */
  readonly principal: string;
  readonly principalArn: string;
  readonly name: AccountSettingName;
  readonly value: string;
}

/** A setting as it applies to a principal, whether set or not. */
export type AppliedSetting = Pick<AccountSetting, 'principalArn' | 'name' | 'value'>;

const names: ReadonlyMap<string, AccountSettingName> = new Map(
  nameList().map((name) => [name, name]),
);

function nameList(): AccountSettingName[] {
  // TypeScript widens the keys of any object to strings; these are the keys of a constant.
  return Object.keys(rules) as AccountSettingName[];
}

/** The names in the order in which ListAccountSettings gives them. */
export const accountSettingNames: readonly AccountSettingName[] = nameList().toSorted();

function ruleOf(name: AccountSettingName): SettingRule {
  return rules[name];
}

export function isManagedByAws(name: AccountSettingName): boolean {
  return ruleOf(name).isManagedByAws ?? false;
}

/** @throws EcsError InvalidParameterException that names all there are */
export function parseSettingName(name: string | undefined): AccountSettingName {
  const known = names.get(name ?? '');
  if (known !== undefined) return known;
  throw invalidParameter(`${name ?? ''} should be one of [${[...names.keys()].join(',')}]`);
}

export interface NewSetting {
  readonly scope: string;
  readonly principal: Principal;
  readonly name: string | undefined;
  readonly value: string | undefined;
}

/** @throws EcsError InvalidParameterException */
export function newAccountSetting({ scope, principal, name, value }: NewSetting): AccountSetting {
  const known = parseSettingName(name);
  const rule = ruleOf(known);
  if (value === undefined || !rule.values.includes(value)) throw invalidSettingValue();
  if (rule.isManagedByAws) throw managedByAws(known);
  if (rule.isAccountWide && principal.key !== rootKey) throw accountWide(known);
  return { scope, principal: principal.key, principalArn: principal.arn, name: known, value };
}

/**
 * Says whether a setting may be given up again.
 * @throws EcsError InvalidParameterException
 */
export function checkDeletable(name: AccountSettingName, isSet: boolean): void {
  const rule = ruleOf(name);
  if (rule.isManagedByAws) throw managedByAws(name);
  if (rule.isOneWay && isSet) throw cannotBeTurnedOff(name);
}

export type FindSetting = (
  principalKey: string,
  name: AccountSettingName,
) => AccountSetting | undefined;

/**
 * What applies to a principal: its own value, else the account's default (which is root's own value),
 * else the service's default.
 */
export function effectiveSetting(
  find: FindSetting,
  principal: Principal,
  name: AccountSettingName,
): AppliedSetting | undefined {
  const set = find(principal.key, name) ?? find(rootKey, name);
  if (set) return set;
  const value = ruleOf(name).byDefault;
  return value === undefined ? undefined : { principalArn: principal.arn, name, value };
}

export function invalidSettingValue(): EcsError {
  return invalidParameter("Invalid setting 'value'");
}

/** [inferred text] */
function managedByAws(name: AccountSettingName): EcsError {
  return invalidParameter(`The account setting ${name} is managed by AWS and is read-only.`);
}

/** [inferred text] */
function accountWide(name: AccountSettingName): EcsError {
  return invalidParameter(`The account setting ${name} can only be set for the root user.`);
}

/** [inferred text] */
function cannotBeTurnedOff(name: AccountSettingName): EcsError {
  return invalidParameter(`The account setting ${name} can not be turned off.`);
}
