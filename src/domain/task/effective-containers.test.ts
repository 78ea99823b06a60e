import { expect, test } from 'vitest';
import { aContainerDefinition } from '../../../test/fixtures/a-task-definition.ts';
import { effectiveContainers } from './effective-containers.ts';
import type { NamedContainerOverride } from './task.ts';

const web = aContainerDefinition({
  name: 'web',
  image: 'nginx',
  cpu: 128,
  memory: 256,
  entryPoint: ['/entry'],
  command: ['serve'],
  environment: [
    { name: 'COLOUR', value: 'red' },
    { name: 'SIZE', value: 'small' },
  ],
});

function overridden(...containerOverrides: NamedContainerOverride[]) {
  const definition = {
    containerDefinitions: [web],
    volumes: [],
    placementConstraints: [],
  };
  return effectiveContainers(definition, { containerOverrides })[0];
}

test('a container without an override runs as it was registered', () => {
  expect(overridden({ name: 'other', command: ['x'] })).toBe(web);
});

test('an overridden command replaces the command and keeps the entry point', () => {
  expect(overridden({ name: 'web', command: ['migrate'] })).toMatchObject({
    entryPoint: ['/entry'],
    command: ['migrate'],
  });
});

test('an empty command overrides nothing', () => {
  expect(overridden({ name: 'web', command: [] })?.command).toEqual(['serve']);
});

test('environment variables are merged by name and the override wins', () => {
  const environment = [
    { name: 'SIZE', value: 'large' },
    { name: 'constructor', value: 'data' },
  ];
  expect(overridden({ name: 'web', environment })?.environment).toEqual([
    { name: 'COLOUR', value: 'red' },
    { name: 'SIZE', value: 'large' },
    { name: 'constructor', value: 'data' },
  ]);
});

test('a memory of 0 overrides nothing', () => {
  expect(overridden({ name: 'web', memory: 0, memoryReservation: 0 })).toMatchObject({
    memory: 256,
  });
});

test('cpu, memory and memoryReservation are overridden each for itself', () => {
  expect(overridden({ name: 'web', cpu: 0, memoryReservation: 64 })).toMatchObject({
    cpu: 0,
    memory: 256,
    memoryReservation: 64,
  });
});
