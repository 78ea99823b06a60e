import { invalidParameter, type EcsError } from '../errors.ts';

/** Settings that a caller must not have turned off to give tags. */
export type LongArnSetting = 'serviceLongArnFormat' | 'taskLongArnFormat';

/** Whether a setting is on for the caller. */
export type IsOn = (name: LongArnSetting) => boolean;

/** What a request says of tags. */
export interface TagWishes {
  readonly tags?: readonly unknown[] | undefined;
  readonly propagateTags?: string | undefined;
  readonly enableECSManagedTags?: boolean | undefined;
}

/**
 * ARNs are long whatever their settings say; who has them turned off is refused tags all the same ("You
 * must turn on this setting to use Amazon ECS features such as resource tagging", PutAccountSetting).
 * What a service has already is not asked about again.
 * @throws EcsError InvalidParameterException
 */
export function checkServiceTags(wishes: TagWishes, isOn: IsOn): void {
  if (isGiven(wishes.tags) && !isOn('serviceLongArnFormat')) throw optIn('add tags to the service');
  checkTagsOfTasks(wishes, isOn);
}

/**
 * A task set's ARN is long where its service's is.
 * @throws EcsError InvalidParameterException
 */
export function checkTaskSetTags({ tags }: TagWishes, isOn: IsOn): void {
  if (isGiven(tags) && !isOn('serviceLongArnFormat')) throw longArnsForTags();
}

/** @throws EcsError InvalidParameterException */
export function checkTaskTags(wishes: TagWishes, isOn: IsOn): void {
  if (isGiven(wishes.tags) && !isOn('taskLongArnFormat')) throw longArnsForTags();
  checkTagsOfTasks(wishes, isOn);
}

function checkTagsOfTasks({ propagateTags, enableECSManagedTags }: TagWishes, isOn: IsOn): void {
  const propagates = propagateTags !== undefined && propagateTags !== 'NONE';
  if (propagates && !isOn('taskLongArnFormat')) throw optIn('propagate tags');
  if (enableECSManagedTags && !isOn('taskLongArnFormat')) throw optIn('work with ECS managed tags');
}

function isGiven(tags: readonly unknown[] = []): boolean {
  return tags.length > 0;
}

/** [inferred text for task sets] */
function longArnsForTags(): EcsError {
  return invalidParameter('Long arn format must be enabled for tagging.');
}

function optIn(what: string): EcsError {
  return invalidParameter(
    `The new ARN and resource ID format must be enabled to ${what}. ` +
      'Opt in to the new format and try again.',
  );
}
