import { expect, test } from 'vitest';
import { aScriptedContainer, type GivenContainer } from '../../../test/fixtures/simulated.ts';
import { parseContainerScript } from './container-script.ts';
import { MalformedScript } from './script-settings.ts';

const healthCheck = { command: ['CMD-SHELL', 'true'] };
const endless = { exitCode: 0, outOfMemory: false };

test.each<[string, GivenContainer, object]>([
  ['without a script runs until it is stopped', {}, { runs: [endless], ignoresSigterm: false }],
  [
    'with the labels of others does so too',
    { dockerLabels: { 'com.example.exit-after': 'x' } },
    { runs: [endless] },
  ],
  ['is HEALTHY where it has a check', { healthCheck }, { health: [{ status: 'HEALTHY' }] }],
  [
    'has no health where its check is switched off',
    { healthCheck: { command: ['NONE'] } },
    { health: [] },
  ],
  [
    'exits after a while, with 0',
    { script: { 'exit-after': '2s' } },
    { runs: [{ exitAfterMs: 2000, exitCode: 0, outOfMemory: false }] },
  ],
  [
    'exits at once where only the code is given',
    { script: { 'exit-code': '3' } },
    { runs: [{ exitAfterMs: 0, exitCode: 3, outOfMemory: false }] },
  ],
  [
    'runs out of memory',
    { script: { 'exit-after': '1m', oom: 'true' } },
    { runs: [{ exitAfterMs: 60_000, exitCode: 137, outOfMemory: true }] },
  ],
  [
    'has one life after the other',
    { script: { lives: '1s; 2s:4; 3s:oom; forever' } },
    {
      runs: [
        { exitAfterMs: 1000, exitCode: 0, outOfMemory: false },
        { exitAfterMs: 2000, exitCode: 4, outOfMemory: false },
        { exitAfterMs: 3000, exitCode: 137, outOfMemory: true },
        endless,
      ],
    },
  ],
  [
    'has outcomes of its health check',
    { healthCheck, script: { health: 'HEALTHY, UNHEALTHY after 2s' } },
    { health: [{ status: 'HEALTHY' }, { status: 'UNHEALTHY', afterMs: 2000 }] },
  ],
  [
    'has delays',
    { script: { 'pull-delay': '1s', 'start-delay': '2s', 'stop-delay': '3s' } },
    { pullDelayMs: 1000, startDelayMs: 2000, stopDelayMs: 3000 },
  ],
  [
    'writes lines',
    { script: { output: 'one\ntwo', 'ignore-sigterm': 'false' } },
    { output: ['one', 'two'], ignoresSigterm: false },
  ],
  [
    'exits by its image',
    { image: 'simulated/exit:3' },
    { runs: [{ exitAfterMs: 0, exitCode: 3, outOfMemory: false }] },
  ],
  [
    'sleeps by its image',
    { image: 'simulated/sleep:1.5s' },
    { runs: [{ exitAfterMs: 1500, exitCode: 0, outOfMemory: false }] },
  ],
  ['ignores SIGTERM by its image', { image: 'simulated/stubborn' }, { ignoresSigterm: true }],
  [
    'is unhealthy by its image',
    { image: 'simulated/unhealthy', healthCheck },
    { health: [{ status: 'UNHEALTHY' }] },
  ],
  ['runs by its image', { image: 'simulated/run' }, { runs: [endless] }],
  [
    'has labels that win over its image',
    { image: 'simulated/crash', script: { 'exit-code': '7' } },
    { runs: [{ exitAfterMs: 0, exitCode: 7, outOfMemory: false }] },
  ],
])('a container %s', (_, given, script) => {
  expect(parseContainerScript(aScriptedContainer(given))).toMatchObject(script);
});

test.each<[GivenContainer, string]>([
  [{ script: { 'exit-after': '5' } }, "exit-after is not a duration such as 250ms, 2s or 1m: '5'"],
  [{ script: { 'exit-code': '256' } }, "exit-code is not an exit code from 0 to 255: '256'"],
  [{ script: { 'exit-code': '-1' } }, "exit-code is not an exit code from 0 to 255: '-1'"],
  [{ script: { oom: 'yes' } }, "oom is neither true nor false: 'yes'"],
  [{ script: { health: 'HEALTHY' } }, 'health is of no use to a container without a healthCheck'],
  [{ healthCheck, script: { health: 'ILL' } }, "health is not like 'UNHEALTHY after 2s': 'ILL'"],
  [
    { healthCheck, script: { health: 'HEALTHY after all' } },
    "health is not a duration such as 250ms, 2s or 1m: 'all'",
  ],
  [{ script: { lives: '1s;' } }, "a life is not a duration such as 250ms, 2s or 1m: ''"],
  [{ script: { lives: '1s:x' } }, "the outcome of a life is not an exit code from 0 to 255: 'x'"],
  [
    { script: { lives: 'forever', 'exit-code': '1' } },
    'lives excludes exit-after, exit-code and oom',
  ],
  [{ image: 'simulated/sleep' }, "exit-after is not a duration such as 250ms, 2s or 1m: ''"],
  [
    { image: 'simulated/dance' },
    "image 'simulated/dance' is not one of simulated/[run,exit,crash,sleep,oom,stubborn,unhealthy,missing,broken]",
  ],
])('the script of %j is refused', (given, message) => {
  expect(() => parseContainerScript(aScriptedContainer(given))).toThrow(
    new MalformedScript(message),
  );
});

test('a setting that does not exist is refused with the names of those that do', () => {
  const container = aScriptedContainer({ script: { 'exit-afer': '5s' } });
  expect(() => parseContainerScript(container)).toThrow(
    /^exit-afer is not one of \[pull-delay,image-digest,pull-error,.*,output\]$/,
  );
});
