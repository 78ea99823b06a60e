import { expect, test } from 'vitest';
import {
  checkServiceTags,
  checkTaskSetTags,
  checkTaskTags,
  type LongArnSetting,
  type TagWishes,
} from './long-arns.ts';

const tags = [{ key: 'team', value: 'blue' }];
const checks = { service: checkServiceTags, taskSet: checkTaskSetTags, task: checkTaskTags };

const tagging = 'Long arn format must be enabled for tagging.';
const optIn = (what: string) =>
  `The new ARN and resource ID format must be enabled to ${what}. Opt in to the new format and try again.`;

test.for<[keyof typeof checks, TagWishes, LongArnSetting, string]>([
  ['service', { tags }, 'serviceLongArnFormat', optIn('add tags to the service')],
  ['service', { propagateTags: 'SERVICE' }, 'taskLongArnFormat', optIn('propagate tags')],
  ['service', { propagateTags: 'TASK_DEFINITION' }, 'taskLongArnFormat', optIn('propagate tags')],
  [
    'service',
    { enableECSManagedTags: true },
    'taskLongArnFormat',
    optIn('work with ECS managed tags'),
  ],
  ['taskSet', { tags }, 'serviceLongArnFormat', tagging],
  ['task', { tags }, 'taskLongArnFormat', tagging],
  ['task', { propagateTags: 'TASK_DEFINITION' }, 'taskLongArnFormat', optIn('propagate tags')],
  [
    'task',
    { enableECSManagedTags: true },
    'taskLongArnFormat',
    optIn('work with ECS managed tags'),
  ],
])('a %s with %j needs %s', ([kind, wishes, needed, text]) => {
  const check = checks[kind];
  expect(() => check(wishes, (name) => name !== needed)).toThrow(text);
  expect(() => check(wishes, (name) => name === needed)).not.toThrow();
});

test.for<TagWishes>([{}, { tags: [] }, { propagateTags: 'NONE' }, { enableECSManagedTags: false }])(
  '%j needs no setting',
  (wishes) => {
    for (const check of Object.values(checks)) {
      expect(() => check(wishes, () => false)).not.toThrow();
    }
  },
);
