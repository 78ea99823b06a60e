import { expect, test } from 'vitest';
import { refusalOf } from '../../../test/fixtures/task-definition-requests.ts';
import { invalidParameter } from '../errors.ts';
import { checkInstanceRequirements } from './check-instance-requirements.ts';

function refusal(given: object): string | undefined {
  const requirements = JSON.parse(
    JSON.stringify({ vCpuCount: { min: 1 }, memoryMiB: { min: 1 }, ...given }),
  );
  return refusalOf(() =>
    checkInstanceRequirements(requirements, () => invalidParameter('None satisfies.')),
  );
}

test.each([
  {},
  { vCpuCount: { min: 0, max: 0 } },
  { cpuManufacturers: ['amd', 'intel'], bareMetal: 'excluded', localStorageTypes: [] },
  { acceleratorCount: { max: 0 }, networkBandwidthGbps: { min: 1.5 } },
  { allowedInstanceTypes: ['m7i.*'], requireHibernateSupport: false },
])('instances of %j can be asked for', (given) => {
  expect(refusal(given)).toBeUndefined();
});

test.each([
  [{ vCpuCount: {} }, 'instanceRequirements must specify vCpuCount and memoryMiB.'],
  [{ memoryMiB: undefined }, 'instanceRequirements must specify vCpuCount and memoryMiB.'],
  [{ memoryMiB: { min: 2, max: 1 } }, 'None satisfies.'],
  [{ totalLocalStorageGB: { min: 2, max: 1 } }, 'None satisfies.'],
  [
    { cpuManufacturers: ['intel', 'zilog'] },
    'cpuManufacturers should be one of [amazon-web-services,amd,intel]',
  ],
  [{ bareMetal: 'maybe' }, 'bareMetal should be one of [excluded,included,required]'],
])('instances of %j are refused', (given, text) => {
  expect(refusal(given)).toBe(`InvalidParameterException: ${text}`);
});
