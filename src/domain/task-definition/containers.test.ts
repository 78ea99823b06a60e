import { expect, test } from 'vitest';
import type { AcceptedCase, RefusedCase } from '../../../test/fixtures/task-definition-requests.ts';
import {
  aContainer,
  registrationRefusal,
  withContainer,
} from '../../../test/fixtures/task-definition-requests.ts';
import { isEcrImage } from './containers.ts';

test.each<RefusedCase>([
  {
    what: 'an empty family',
    given: { family: '' },
    message: 'Family should not be null or empty.',
  },
  {
    what: 'a family with a slash',
    given: { family: 'web/api' },
    message: 'Family contains invalid characters.',
  },
  {
    what: 'a family of 256 characters',
    given: { family: 'f'.repeat(256) },
    message: 'Family must be less than or equal to 255 characters.',
  },
  {
    what: 'no containers',
    given: { containerDefinitions: [] },
    message: 'Container list cannot be empty.',
  },
  {
    what: 'an absent list of containers',
    given: { containerDefinitions: undefined },
    message: 'Container list cannot be empty.',
  },
  {
    what: 'eleven containers',
    given: { containerDefinitions: manyContainers(11) },
    message: 'Too many containers.',
  },
  {
    what: 'a container without a name',
    given: { containerDefinitions: [{ image: 'nginx', memory: 128 }] },
    message: 'Container.name should not be null or empty.',
  },
  {
    what: 'a name with a dot',
    given: withContainer({ name: 'a.b' }),
    message: 'Container.name contains invalid characters.',
  },
  {
    what: 'a name of 256 characters',
    given: withContainer({ name: 'n'.repeat(256) }),
    message: 'Container.name contains invalid characters.',
  },
  {
    what: 'two containers of one name',
    given: { containerDefinitions: [aContainer(), aContainer()] },
    message: 'Container names must be unique within a task definition',
  },
  {
    what: 'a container without an image',
    given: { containerDefinitions: [{ name: 'app', memory: 128 }] },
    message: 'Container.image should not be null or empty.',
  },
  {
    what: 'white space in an image',
    given: withContainer({ image: 'nginx latest' }),
    message: 'Container.image contains invalid characters.',
  },
  {
    what: 'an image of 256 characters',
    given: withContainer({ image: 'i'.repeat(256) }),
    message: 'Container.image must be less than or equal to 255 characters.',
  },
  {
    what: 'a definition without an essential container',
    given: withContainer({ essential: false }),
    message: "Task definition doesn't have any essential container.",
  },
  {
    what: 'inference accelerators',
    given: { inferenceAccelerators: [{ deviceName: 'a', deviceType: 'eia2.medium' }] },
    message: "Unsupported field 'inferenceAccelerators'.",
  },
])('RegisterTaskDefinition refuses $what', ({ given, message }) => {
  expect(registrationRefusal(given)).toBe(`ClientException: ${message}`);
});

test.each<AcceptedCase>([
  { what: 'a family of 255 characters', given: { family: 'f'.repeat(255) } },
  { what: 'ten containers', given: { containerDefinitions: manyContainers(10) } },
  { what: 'names that every object has', given: withContainer({ name: '__proto__' }) },
  { what: 'an image by digest', given: withContainer({ image: `r/a@sha256:${'a'.repeat(64)}` }) },
  { what: 'an image of a registry', given: withContainer({ image: 'host:5000/ns/repo:v1.0-b_2' }) },
  { what: 'an empty list of accelerators', given: { inferenceAccelerators: [] } },
])('RegisterTaskDefinition accepts $what', ({ given }) => {
  expect(registrationRefusal(given)).toBeUndefined();
});

test.each([
  ['123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1', true],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/web', true],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/web', true],
  ['123456789012.dkr-ecr.us-east-1.on.aws/web', true],
  ['public.ecr.aws/docker/library/nginx', false],
  ['nginx', false],
])('ECS takes the image %s for one of a private ECR registry: %s', (image, expected) => {
  expect(isEcrImage(image)).toBe(expected);
});

function manyContainers(count: number) {
  return Array.from({ length: count }, (_, i) => aContainer({ name: `c${i}` }));
}
