import { expect, test } from 'vitest';
import { mergedFiles, parseEnvironmentFile, parseS3Arn } from './environment-file.ts';

test('An environment file is read line by line, and nothing in it is interpreted', () => {
  const text = [
    '# COMMENT=1',
    'A=1',
    ' B = 2 ',
    'C="quoted $A"',
    'D=a=b',
    'EMPTY=',
    'no assignment',
    '=no name',
    'A=last',
    'WINDOWS=yes\r',
    '',
    'END=without a newline',
  ].join('\n');
  expect([...parseEnvironmentFile(text)]).toEqual([
    ['A', 'last'],
    [' B ', ' 2 '],
    ['C', '"quoted $A"'],
    ['D', 'a=b'],
    ['EMPTY', ''],
    ['WINDOWS', 'yes'],
    ['END', 'without a newline'],
  ]);
});

test('Of several files, the first that has a variable counts', () => {
  const files = [
    new Map([['A', 'first']]),
    new Map([
      ['A', 'second'],
      ['B', 'second'],
    ]),
  ];
  expect(Object.fromEntries(mergedFiles(files))).toEqual({ A: 'first', B: 'second' });
});

test('An S3 ARN names a bucket and a key', () => {
  expect(parseS3Arn('arn:aws:s3:::config/app/a:b.env')).toEqual({
    bucket: 'config',
    key: 'app/a:b.env',
  });
});
