import { expect, test } from 'vitest';
import { breakerThreshold, parseDeploymentConfiguration } from './deployment-configuration.ts';

test.each([
  { desired: 1, type: 'BOUNDED_PERCENT', value: 50, threshold: 3 },
  { desired: 25, type: 'BOUNDED_PERCENT', value: 50, threshold: 13 },
  { desired: 400, type: 'BOUNDED_PERCENT', value: 50, threshold: 200 },
  { desired: 800, type: 'BOUNDED_PERCENT', value: 50, threshold: 200 },
  { desired: 800, type: 'UNBOUNDED_PERCENT', value: 50, threshold: 400 },
  { desired: 800, type: 'COUNT', value: 2, threshold: 2 },
] as const)(
  'the circuit breaker of $desired tasks at $type $value trips at $threshold',
  ({ desired, type, value, threshold }) => {
    const { circuitBreaker } = parseDeploymentConfiguration({
      deploymentCircuitBreaker: {
        enable: true,
        rollback: true,
        thresholdConfiguration: { type, value },
      },
    });
    expect(breakerThreshold(circuitBreaker, desired)).toBe(threshold);
  },
);

test('what a deployment configuration leaves out stays as it was', () => {
  const first = parseDeploymentConfiguration({ minimumHealthyPercent: 50, maximumPercent: 150 });
  const second = parseDeploymentConfiguration({ maximumPercent: 300 }, first);
  expect(second).toEqual({ ...first, maximumPercent: 300 });
});
