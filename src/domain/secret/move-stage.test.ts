import { expect, test } from 'vitest';
import { withMovedStage, type StageMove } from './move-stage.ts';
import type { Secret } from './secret.ts';

const secret: Secret = {
  arn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf',
  name: 'key',
  tags: [],
  createdAt: 0,
  changedAt: 0,
  versions: [
    { id: 'one', createdAt: 0, stages: ['AWSPREVIOUS'] },
    { id: 'two', createdAt: 1, stages: ['AWSCURRENT', 'blue'] },
    { id: 'three', createdAt: 2, stages: [] },
  ],
};

function stagesAfter(stage: string, given: Partial<StageMove>): readonly (readonly string[])[] {
  const moved = withMovedStage(secret, { from: undefined, to: undefined, stage, ...given });
  return moved.versions.map(({ stages }) => stages);
}

test('AWSPREVIOUS goes to the version that AWSCURRENT leaves', () => {
  expect(stagesAfter('AWSCURRENT', { from: 'two', to: 'three' })).toEqual([
    [],
    ['blue', 'AWSPREVIOUS'],
    ['AWSCURRENT'],
  ]);
  expect(stagesAfter('AWSCURRENT', { from: 'two', to: 'one' })).toEqual([
    ['AWSCURRENT'],
    ['blue', 'AWSPREVIOUS'],
    [],
  ]);
});

test('A label of the user is put on, moved and taken off alone', () => {
  const [previous, current] = [['AWSPREVIOUS'], ['AWSCURRENT', 'blue']];
  expect(stagesAfter('green', { to: 'three' })).toEqual([previous, current, ['green']]);
  expect(stagesAfter('blue', { from: 'two', to: 'three' })).toEqual([
    previous,
    ['AWSCURRENT'],
    ['blue'],
  ]);
  expect(stagesAfter('blue', { from: 'two' })).toEqual([previous, ['AWSCURRENT'], []]);
  expect(stagesAfter('blue', { to: 'two' })).toEqual([previous, current, []]);
});

test.each<[string, Partial<StageMove>, RegExp]>([
  ['AWSCURRENT', { from: 'two' }, /can’t be completely removed/],
  ['AWSCURRENT', { to: 'three' }, /RemoveFromVersionId can't be empty.*attached to version two/],
  ['blue', { from: 'three' }, /not attached to version three/],
  [
    'blue',
    { from: 'two', to: 'nine' },
    /can't find the specified secret value for VersionId: nine/,
  ],
])('A label does not move as it must not: %s %j', (stage, move, words) => {
  expect(() => stagesAfter(stage, move)).toThrow(words);
});
